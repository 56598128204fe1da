"""Who may do what: roles for a unit, separation of duties, signatures."""

from __future__ import annotations

from reformflow.binding import BoundTransition
from reformflow.engine.scene import Scene
from reformflow.model import Actor, Code, Refusal


def may_not(scene: Scene, bound: BoundTransition, actor: Actor) -> list[Refusal]:
    """Return the refusals that rest on who asks to fire a transition."""
    transition = bound.transition
    refusals: list[Refusal] = []
    unit = scene.case.unit
    if not actor.holds_any(firing_roles(bound), unit):
        refusals.append(not_authorised(bound.id, firing_roles(bound), transition.clauses))
    for other in transition.not_by:
        if scene.values[f"{other}.by"] == actor.id:
            values = ((f"{other}.by", actor.id),)
            refusals.append(Refusal(Code.SAME_PERSON, other, transition.clauses, values=values))
    unsigned = missing_signatures(scene, bound, actor)
    if unsigned:
        refusals.append(Refusal(Code.NOT_SIGNED, bound.id, transition.clauses, must_act=unsigned))
    return refusals


def firing_roles(bound: BoundTransition) -> tuple[str, ...]:
    """Return the roles that may fire a transition: those under `by`, else the signatories."""
    return bound.transition.by or bound.transition.signed_by


def not_authorised(subject: str, roles: tuple[str, ...], clauses: tuple[str, ...] = ()) -> Refusal:
    """Return the refusal of an actor who holds none of `roles` for the case's unit."""
    return Refusal(Code.NOT_AUTHORISED, subject, clauses, must_act=roles)


def missing_signatures(scene: Scene, bound: BoundTransition, actor: Actor) -> tuple[str, ...]:
    """Return the offices that have not signed; the one who fires signs for one of them."""
    unsigned = unsigned_roles(scene, bound)
    own = next((role for role in unsigned if actor.holds(role, scene.case.unit)), None)
    return tuple(role for role in unsigned if role != own)


def unsigned_roles(scene: Scene, bound: BoundTransition) -> tuple[str, ...]:
    """Return the roles whose signature a transition still needs."""
    return tuple(
        role
        for role in bound.transition.signed_by
        if scene.values[f"{bound.id}.signed.{role}"] is None
    )
