"""Which state was which one: renamed, moved, or another one."""

from asl_lint.state_pairs import moved, name_of, pair_states


def outline(**states: str) -> dict[str, dict[str, str]]:
    """States by pointer, ``__`` for what is between two names, with their fields as ``Type Field Field``."""
    found: dict[str, dict[str, str]] = {"": {}}
    for path, fields in states.items():
        pointer = "/States/" + path.replace("__", "/Branches/0/States/")
        found[pointer] = {"Type": fields.split()[0], **dict.fromkeys(fields.split()[1:], "set")}
    return found


def at(path: str) -> str:
    return "/States/" + path.replace("__", "/Branches/0/States/")


def moves(now: dict[str, dict[str, str]], then: dict[str, dict[str, str]]) -> dict[str, str]:
    return {pointer: was for pointer, was in pair_states(now, then).items() if pointer != was}


def test_a_state_at_the_same_place_is_the_same_whatever_it_is() -> None:
    assert pair_states(outline(A="Task X"), outline(A="Pass Y")) == {at("A"): at("A")}


def test_a_renamed_state_is_known_by_its_definition_wherever_it_leads() -> None:
    now, then = outline(A="Task", Werk="Task X"), outline(A="Task", Work="Task X")
    now[at("Werk")]["Next"], then[at("Work")]["Next"] = "to B", "to C"
    assert moves(now, then) == {at("Werk"): at("Work")}


def test_of_two_that_are_defined_alike_neither_is_certain() -> None:
    assert moves(outline(C="Task X", D="Task X"), outline(A="Task X", B="Task Y")) == {}
    assert moves(outline(C="Task X"), outline(A="Task X", B="Task X")) == {}


def test_a_state_that_only_leads_somewhere_is_known_by_where_it_leads() -> None:
    now, then = outline(B="Pass"), outline(A="Pass")
    now[at("B")]["Next"], then[at("A")]["Next"] = "to C", "to D"
    assert moves(now, then) == {}
    assert moves(now, {"": {}, at("A"): now[at("B")]}) == {at("B"): at("A")}


def test_states_that_were_wrapped_are_known_by_their_names() -> None:
    now, then = outline(P="Parallel", P__A="Task X", P__B="Pass Y"), outline(A="Task X", B="Pass Z")
    assert moves(now, then) == {at("P__A"): at("A"), at("P__B"): at("B")}


def test_what_is_in_a_renamed_state_moves_with_it_and_may_be_renamed_itself() -> None:
    now = outline(Q="Parallel X", Q__A="Task 1", Q__New="Task 2")
    then = outline(P="Parallel X", P__A="Pass 3", P__Old="Task 2")
    assert moves(now, then) == {at("Q"): at("P"), at("Q__A"): at("P__A"), at("Q__New"): at("P__Old")}


def test_a_definition_that_was_moved_to_another_scope_and_renamed_is_another_state() -> None:
    assert moves(outline(P="Parallel", P__B="Task X"), outline(A="Task X", P="Parallel")) == {}


def test_where_name_and_definition_say_different_things_nothing_is_certain() -> None:
    now, then = outline(P="Parallel", P__A="Task Y", B="Task X"), outline(P="Parallel", A="Task X")
    assert moves(now, then) == {}


def test_a_state_of_another_type_is_another_one() -> None:
    assert moves(outline(P="Parallel", P__A="Wait X"), outline(P="Parallel", A="Task X")) == {}


def test_a_pointer_is_moved_by_the_innermost_state_around_it() -> None:
    way = {at("A"): at("B"), at("A__C"): at("D")}
    assert moved(at("A__C") + "/Next", way) == at("D") + "/Next"
    assert moved(at("A__E"), way) == at("B__E") and moved(at("F"), way) == at("F")
    assert name_of("/States/a~1b~0c") == "a/b~c"
