"""Exports: the history in the formats of other systems, as pieces of text. Pure writers."""

from reformflow.exports.feeds import FEEDS, cloudevent, jsonl
from reformflow.exports.ocel import ocel
from reformflow.exports.traces import Trace
from reformflow.exports.xes import xes

__all__ = ["FEEDS", "Trace", "cloudevent", "jsonl", "ocel", "xes"]
