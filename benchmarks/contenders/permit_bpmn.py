"""`SpiffWorkflow` as its documentation has it: a BPMN diagram, and the serializer for those.

A user task for each state that somebody acts in, and an exclusive gateway behind it whose condition
is the guard; where that does not hold, the flow goes back to the task, or to the one before.
`serialize_json` writes the workflow with its specification and with every task that is done.
"""

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from contenders.permit import DAY, MOST_POSTS, OPENED, POSTS, SPIFF, Durable, Refused
from contenders.permit_text import kept

_GUARD = f"last &lt;= on and posts &lt;= {MOST_POSTS} and paid"
_DIAGRAM = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="permits"
    targetNamespace="http://example.org/permits">
  <process id="permit" isExecutable="true">
    <startEvent id="opened"><outgoing>a</outgoing></startEvent>
    <userTask id="send">
      <incoming>a</incoming><incoming>n</incoming><incoming>r</incoming><outgoing>b</outgoing>
    </userTask>
    <exclusiveGateway id="possible" default="n">
      <incoming>b</incoming><outgoing>y</outgoing><outgoing>n</outgoing>
    </exclusiveGateway>
    <userTask id="grant"><incoming>y</incoming><outgoing>c</outgoing></userTask>
    <exclusiveGateway id="decided" default="r">
      <incoming>c</incoming><outgoing>g</outgoing><outgoing>r</outgoing>
    </exclusiveGateway>
    <endEvent id="granted"><incoming>g</incoming></endEvent>
    <sequenceFlow id="a" sourceRef="opened" targetRef="send"/>
    <sequenceFlow id="b" sourceRef="send" targetRef="possible"/>
    <sequenceFlow id="y" sourceRef="possible" targetRef="grant">
      <conditionExpression>{_GUARD}</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="n" sourceRef="possible" targetRef="send"/>
    <sequenceFlow id="c" sourceRef="grant" targetRef="decided"/>
    <sequenceFlow id="g" sourceRef="decided" targetRef="granted">
      <conditionExpression>chief</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="r" sourceRef="decided" targetRef="send"/>
  </process>
</definitions>
"""
_STATES = {"send": "draft", "grant": "sent"}


def contender(file: str, pragmas: Sequence[str], count: int) -> Durable:
    """Parse the diagram, and store a workflow for each permit."""
    logging.getLogger("spiff").setLevel(logging.WARNING)
    parser = BpmnParser()
    parser.add_bpmn_str(_DIAGRAM.encode())
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    fresh = BpmnWorkflow(parser.get_spec("permit"))
    fresh.do_engine_steps()
    _waiting(fresh).data.update(last=OPENED.isoformat(), posts=POSTS, paid=True)

    def moved(stored: str, *, here: str, there: str) -> str:
        workflow = serializer.deserialize_json(stored)
        task = _waiting(workflow)
        if task.task_spec.bpmn_id != here:
            raise Refused
        task.data.update(on=DAY.isoformat(), chief=False)
        task.run()
        workflow.do_engine_steps()
        now_waiting = _waiting(workflow)
        if now_waiting.task_spec.bpmn_id != there:
            raise Refused
        now_waiting.data["last"] = DAY.isoformat()
        return str(serializer.serialize_json(workflow))

    def state(stored: str) -> str:
        return _STATES[_waiting(serializer.deserialize_json(stored)).task_spec.bpmn_id]

    text = serializer.serialize_json(fresh)
    sent = partial(moved, here="send", there="grant")
    taken_back = partial(moved, here="grant", there="send")
    rest = {"fresh": text, "sent": sent, "state": state, "taken_back": taken_back}
    return kept(SPIFF, file, pragmas, count, **rest)


def _waiting(workflow: Any) -> Any:  # noqa: ANN401 - no published types
    """Return the user task at which a workflow stands."""
    return workflow.get_next_task(state=TaskState.READY, manual=True)
