"""The HTML review in Chromium, as it opens from disk: what people do with it, that it fetches nothing and hinders nobody."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from asl_lint.report import ViewStyle, render
from asl_lint.report.document import document
from tests.conftest import ROOT
from tests.report.conftest import Open
from tests.report.machines import FAULTY, HOSTILE, ORDER, hostile, report_of

pytestmark = pytest.mark.browser

PICTURES = ROOT / "docs" / "images"
FAULTS = ("lock-not-released", "trap-loop", "missing-iam-action", "undefined-variable")


def drawn(page: Page) -> Page:
    page.wait_for_selector("[data-drawn]")
    return page


def names(page: Page, kind: str) -> list[str]:
    """The states with a class, in the order of the drawing."""
    return page.locator(f"svg .state.{kind}").evaluate_all("all => all.map(one => one.dataset.pointer.split('/').pop())")


# --- from the overview to what is wrong ------------------------------------------------------------------------------------


def test_the_overview_of_the_five_definitions_tells_of_each(five: Path, open_page: Open) -> None:
    page = open_page(five)
    rows = page.locator(".overview tbody").first.locator("tr")
    expect(rows).to_have_count(5)
    training = rows.filter(has_text="TrainingMachine")
    for told in ("46", "5 of 5 bounded", "15,071", "2 d 7 h", "$0.125"):
        expect(training).to_contain_text(told)
    expect(page.locator(".findings")).to_have_text("Nothing was found.")


def test_each_machine_of_the_five_is_drawn_with_its_tables(five: Path, open_page: Open) -> None:
    page = open_page(five)
    for i, states in enumerate((35, 35, 23, 22, 46)):
        page.goto(f"{five.as_uri()}#/{i}")
        page.wait_for_selector(f'[data-drawn="{i}"]')
        expect(page.locator("svg .state")).to_have_count(states)
        for title in ("Bounds of a run", "Loops", "Locks", "Permissions", "Placeholders", "Errors", "Contracts", "Variables"):
            expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        expect(page.locator(".contract.holds").first).to_be_visible()


@pytest.mark.parametrize("rule", FAULTS)
def test_one_click_leads_from_the_overview_to_a_fault(faulty: Path, open_page: Open, rule: str) -> None:
    page = open_page(faulty)
    clicks = 0
    link = page.locator(".findings a", has_text=rule).first
    while not page.locator(".panel .head", has_text=rule).count():
        link.click()
        clicks += 1
        page.wait_for_selector(".panel .head")
    assert clicks == 1
    drawn(page)
    expect(page.locator("svg .state.on-route").first).to_be_visible()
    expect(page.locator(".panel mark.own").first).to_be_visible()
    for heading in ("Why", "How to mend it"):
        expect(page.locator(".panel h3", has_text=heading)).to_be_visible()


def test_a_leaking_lock_shows_its_path_on_the_graph(faulty: Path, open_page: Open) -> None:
    page = open_page(faulty)
    page.locator(".findings a", has_text="lock-not-released").click()
    drawn(page)
    assert sorted(names(page, "on-route")) == ["Acquire", "Failed", "Work"]
    assert page.locator("svg .step text").all_text_contents() == ["1", "2", "3"]
    assert page.locator("svg .arrow.on-route").count() == 2
    assert names(page, "related") == ["Release"]
    page.locator(".panel .path button").first.click()
    assert page.evaluate("document.activeElement.dataset.pointer") == "/States/Acquire"


def test_a_loop_without_a_way_out_shows_its_states(faulty: Path, open_page: Open) -> None:
    page = open_page(faulty)
    page.locator(".findings a", has_text="trap-loop").click()
    drawn(page)
    assert {"Spin", "Spin again"} <= set(names(page, "on-route"))


def test_badges_on_states_lead_to_their_findings(faulty: Path, open_page: Open) -> None:
    page = drawn(open_page(faulty, "#/0"))
    assert page.locator("svg .badge").count() > 3
    page.locator("svg .badge.error").first.click()
    expect(page.locator(".panel .severity.error").first).to_be_visible()


def test_scopes_are_boxes_inside_their_states(faulty: Path, open_page: Open) -> None:
    page = drawn(open_page(faulty, "#/1"))

    def box(selector: str, i: int = 0) -> dict[str, float]:
        measure = "one => { const { x, y, width, height } = one.getBBox(); return [x, y, x + width, y + height]; }"
        return dict(zip(("left", "top", "right", "bottom"), page.locator(selector).nth(i).evaluate(measure), strict=True))

    ship = box('[data-pointer="/States/Ship"] .box')
    assert page.locator("svg .scope text").all_text_contents() == ["each item", "branch 1", "branch 2"]
    inner = [box("svg .scope rect", i) for i in range(3)]
    for one in inner:
        assert ship["left"] < one["left"] and one["right"] < ship["right"]
        assert ship["top"] < one["top"] and one["bottom"] < ship["bottom"]
    assert inner[1]["right"] < inner[2]["left"] or inner[1]["bottom"] < inner[2]["top"]


# --- a state ---------------------------------------------------------------------------------------------------------------


def test_a_state_tells_its_call_permissions_retries_variables_and_definition(faulty: Path, open_page: Open) -> None:
    page = drawn(open_page(faulty, "#/0"))
    page.locator('svg [data-pointer="/States/Work"] .title').click()
    panel = page.locator(".panel")
    expect(panel.locator(".head")).to_have_text("Work")
    for told in ("lambda:invoke", "lambda:InvokeFunction", "missing", "Lambda.TooManyRequestsException", "4 attempts", "$answer"):
        expect(panel).to_contain_text(told)
    expect(panel.locator(".timeline circle")).to_have_count(5)
    expect(panel.get_by_label("Definition of the state")).to_contain_text('"FunctionName": "work"')
    panel.locator("button", has_text="Failed").click()
    expect(panel.locator(".head")).to_have_text("Failed")


def test_a_state_is_found_by_its_name_and_by_what_it_calls(five: Path, open_page: Open) -> None:
    page = drawn(open_page(five, "#/0"))
    search = page.get_by_label("Find a state")
    search.fill("putitem")
    expect(page.locator(".results li")).to_have_count(1)
    search.fill("acquireminibatch")
    search.press("Enter")
    expect(page.locator(".panel .head")).to_have_text("AcquireMiniBatchLock")
    expect(page.get_by_label("Variables in").locator("tr", has_text="$source_ts_iso")).to_contain_text("timestamp")


def test_the_focus_stays_on_the_link_to_the_next_finding(faulty: Path, open_page: Open) -> None:
    page = drawn(open_page(faulty, "#/0/finding/0"))
    page.locator('[data-step="1"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".panel .steps")).to_contain_text("2 of")
    page.keyboard.press("Enter")
    expect(page.locator(".panel .steps")).to_contain_text("3 of")


# --- filters, keys, theme, print -------------------------------------------------------------------------------------------


def test_findings_are_filtered_by_severity_rule_and_machine(faulty: Path, open_page: Open) -> None:
    page = open_page(faulty)
    shown = page.locator(".findings a")
    everything = shown.count()
    page.get_by_label("error").uncheck()
    assert 0 < shown.count() < everything
    assert page.locator(".findings .severity.error").count() == 0
    page.get_by_label("error").check()
    page.get_by_role("combobox", name="Rule").select_option("trap-loop")
    expect(shown).to_have_count(1)
    expect(page.locator(".overview tbody").first.locator("tr")).to_have_count(1)
    page.get_by_role("combobox", name="Rule").select_option("")
    page.get_by_label("Machine or file").fill("order")
    expect(page.locator(".findings .line", has_text="locked")).to_have_count(0)
    page.get_by_label("Machine or file").fill("nothing is called so")
    expect(page.locator(".findings")).to_have_text("No finding passes the filters.")


def test_everything_is_reached_by_the_keyboard_alone(faulty: Path, open_page: Open) -> None:
    page = open_page(faulty)
    page.keyboard.press("/")
    page.keyboard.type("locked")
    while page.evaluate("!document.activeElement.matches('.findings a')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".panel .steps")
    drawn(page)
    first = page.locator(".panel .steps").inner_text()
    page.keyboard.press("j")
    expect(page.locator(".panel .steps")).not_to_have_text(first)
    page.keyboard.press("k")
    expect(page.locator(".panel .steps")).to_have_text(first)
    page.keyboard.press("Escape")
    expect(page.locator(".panel .head")).to_have_text("Findings")
    page.locator('svg [data-pointer="/States/Acquire"]').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".panel .head")).to_have_text("Work")
    page.keyboard.press("g")
    assert page.evaluate("document.activeElement.dataset.pointer") == "/States/Work"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("main.overview")).to_be_visible()


def test_the_theme_is_the_systems_until_somebody_chooses(faulty: Path, open_page: Open) -> None:
    page = open_page(faulty, color_scheme="dark")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(ground)
    page.locator("#theme").click()
    expect(page.locator("#theme")).to_have_text("Theme: light")
    assert page.evaluate(ground) == "rgb(255, 255, 255)" != dark
    page.locator("#theme").click()
    assert page.evaluate(ground) == dark


def test_a_machine_is_printed_whole_and_in_light(faulty: Path, open_page: Open) -> None:
    page = drawn(open_page(faulty, "#/0", color_scheme="dark"))
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    for gone in ("header.page", ".tools", ".contents"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.get_by_role("heading", name="Permissions")).to_be_visible()
    assert page.pdf().startswith(b"%PDF")


# --- for everybody ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "scheme"),
    [("", "light"), ("", "dark"), ("#/0", "light"), ("#/0/finding/0", "dark"), ("#/0/state/%2FStates%2FWork", "light")],
)
def test_nothing_stands_in_the_way_of_anybody(faulty: Path, open_page: Open, at: str, scheme: str) -> None:
    page = open_page(faulty, at, color_scheme=scheme, reduced_motion="reduce")
    if at:
        drawn(page)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_narrow_window_shows_everything_one_below_the_other(faulty: Path, open_page: Open) -> None:
    page = drawn(open_page(faulty, "#/0", viewport={"width": 420, "height": 800}))
    assert page.evaluate("document.documentElement.scrollWidth") <= 420
    graph, panel = page.locator(".canvas").bounding_box(), page.locator(".panel").bounding_box()
    assert graph and panel and panel["y"] >= graph["y"] + graph["height"]


def test_names_that_mean_harm_are_only_shown(tmp_path: Path, open_page: Open) -> None:
    file = tmp_path / "report.html"
    report = report_of(hostile(), names=("<img src=x onerror=alert(1)>.asl.json",))
    file.write_text("".join(render("html", document(report), ViewStyle())), encoding="utf-8")
    page = drawn(open_page(file, "#/0"))
    expect(page.locator("svg .state")).to_have_count(len(HOSTILE))
    titles = page.locator("svg .state title").all_text_contents()
    assert "</script><script>alert(1)</script>" in titles and "⟨U+202E⟩nigirts desrever⟨U+202C⟩"[:8] in "".join(titles)
    for i in range(len(HOSTILE)):
        page.evaluate("i => document.querySelectorAll('svg .state')[i].dispatchEvent(new MouseEvent('click'))", i)
        page.wait_for_timeout(20)
    expect(page.locator(".panel .head")).to_be_visible()
    assert page.locator("main img, main script, main iframe").count() == 0
    assert page.locator("a[href]:not([href^='#'], [href^='https://'])").count() == 0


def test_an_address_that_leads_nowhere_shows_what_there_is(faulty: Path, open_page: Open) -> None:
    page = open_page(faulty)
    overview, machine = "State machines under review", "locked.asl.json"
    for at, title in (
        ("#/99", overview), ("#/x/y", overview), ("#/%E0%A4%A", overview), ("#/alone/7", overview),
        ("#/alone/__proto__", overview), ("#/0/finding/__proto__", machine),
        ("#/0/state/nowhere", machine), ("#/", overview), ("#/0/finding/99", machine),
    ):  # fmt: skip
        page.goto(f"{faulty.as_uri()}{at}")
        expect(page.locator("main h1")).to_have_text(title)


LEAVE_BEFORE_IT_IS_DRAWN = """
() => new Promise((resolve) => {
  new MutationObserver((_, observer) => {
    if (document.querySelector("main.machine, main .graph") === null) return;
    observer.disconnect();
    location.hash = "#/";
    setTimeout(resolve, 500);
  }).observe(document.body, { childList: true, subtree: true });
  location.hash = "#/0";
})
"""


def test_a_machine_that_is_left_before_it_is_drawn_is_forgotten(faulty: Path, open_page: Open) -> None:
    page = open_page(faulty)
    page.evaluate(LEAVE_BEFORE_IT_IS_DRAWN)
    expect(page.locator("main h1")).to_have_text("State machines under review")
    assert page.locator("html[data-drawn]").count() == 0


def test_what_an_earlier_version_did_not_have_stands_out(tmp_path: Path, open_page: Open) -> None:
    now = json.loads(json.dumps(ORDER))
    now["States"]["Rest"] = {"Type": "Wait", "Seconds": 60, "Next": "Rest more"}
    now["States"]["Rest more"] = {"Type": "Wait", "Seconds": 1, "Next": "Read"}
    del now["States"]["Decide"]["Choices"][0]
    file = tmp_path / "report.html"
    file.write_text("".join(render("html", document(report_of(now), report_of(ORDER), "main"), ViewStyle())), encoding="utf-8")
    page = open_page(file)
    page.get_by_label("Compared").select_option("new")
    assert page.locator(".findings .new").count() == page.locator(".findings a").count()
    page.goto(f"{file.as_uri()}#/0")
    drawn(page)
    assert names(page, "added") == ["Rest more"]
    assert set(names(page, "changed")) == {"Rest", "Decide"}
    assert page.locator("svg .arrow.added").count() == 2 and page.locator("svg .arrow.removed").count() == 2
    changes = page.locator("#section-changes")
    expect(changes.get_by_label("Next, before and after")).to_contain_text('+ "Rest more"')
    expect(changes.locator("tr", has_text="transition changed")).to_contain_text("Rest more")
    page.goto(f"{file.as_uri()}#/0/state/%2FStates%2FRest")
    expect(page.locator(".panel").get_by_label("Next, before and after")).to_contain_text('+ "Rest more"')
    expect(page.get_by_role("region", name="Against the earlier version: changed")).to_contain_text("Rest more")


# --- size -------------------------------------------------------------------------------------------------------------------


def large(states: int) -> dict[str, Any]:
    """A chain with choices that lead forwards and back, every Task caught by one handler."""
    chain: dict[str, Any] = {}
    for i in range(states - 2):
        following = f"S{i + 1}" if i < states - 3 else "End"
        if i % 10 == 5:
            ahead = f"S{min(i + 4, states - 3)}"
            choices = [{"Variable": "$.x", "NumericEquals": 1, "Next": ahead}]
            choices += [{"Variable": "$.x", "NumericEquals": 2, "Next": following}]
            chain[f"S{i}"] = {"Type": "Choice", "Choices": choices, "Default": f"S{i - 4}"}
        else:
            catch = [{"ErrorEquals": ["States.ALL"], "Next": "Bad"}]
            chain[f"S{i}"] = {"Type": "Task", "Resource": f"arn:aws:lambda:eu-west-1:123456789012:function:f{i}", "Catch": catch}
            chain[f"S{i}"]["Next"] = following
    return {"StartAt": "S0", "States": {**chain, "End": {"Type": "Succeed"}, "Bad": {"Type": "Fail"}}}


def test_a_thousand_states_are_seen_soon(tmp_path: Path, open_page: Open, record_property: Any) -> None:
    file = tmp_path / "report.html"
    file.write_text("".join(render("html", document(report_of(large(1000))), ViewStyle())), encoding="utf-8")
    taken: list[tuple[float, float]] = []
    while len(taken) < 3 and min(taken, default=(9_999.0,))[0] > 3_000:  # what else the machine does only adds to it
        page = open_page(file, "#/0")
        page.wait_for_selector("[data-drawn]", timeout=60_000)
        taken.append(page.evaluate("performance.getEntriesByName('picture').map(one => one.startTime)"))
    first, last = (f"{time / 1e3:.1f} s" for time in min(taken))
    record_property("figures", f"HTML review of 1,000 states: first picture after {first}, laid out after {last}")
    expect(page.locator("svg .state")).to_have_count(1000)
    assert min(taken)[0] < 3_000
    page.get_by_label("Find a state").fill("S777")
    page.keyboard.press("Enter")
    expect(page.locator(".panel .head")).to_have_text("S777")


def test_two_hundred_machines_are_usable_in_one_report(tmp_path: Path, open_page: Open) -> None:
    order = report_of(ORDER, FAULTY)
    whole = document(order)
    whole["machines"] = [{**whole["machines"][i % 2], "file": f"m{i}.asl.json"} for i in range(200)]
    file = tmp_path / "report.html"
    file.write_text("".join(render("html", whole, ViewStyle())), encoding="utf-8")
    page = open_page(file)
    expect(page.locator(".overview tbody").first.locator("tr")).to_have_count(200)
    page.get_by_label("Machine or file").fill("m199.")
    page.locator(".findings a", has_text="lock-not-released").click()
    drawn(page)
    expect(page.locator("h1")).to_have_text("m199.asl.json")


# --- pictures ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "source", "at", "scheme"),
    [
        ("report-overview", "five", "", "light"),
        ("report-finding", "faulty", "lock-not-released", "light"),
        ("report-state", "five", "#/0/state/%2FStates%2FLoadProjectRouting", "dark"),
        ("report-machine", "five", "#/3", "light"),
    ],
)
def test_the_pictures_of_the_documentation_can_be_taken(
    request: pytest.FixtureRequest, open_page: Open, tmp_path: Path, name: str, source: str, at: str, scheme: str
) -> None:
    file: Path = request.getfixturevalue(source)
    page = open_page(file, at if at.startswith("#") else "", color_scheme=scheme, viewport={"width": 1360, "height": 820})
    if at and not at.startswith("#"):
        page.locator(".findings a", has_text=at).click()
    if at:
        drawn(page)
    folder = PICTURES if request.config.getoption("--write-screenshots") else tmp_path
    folder.mkdir(exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")
    assert (folder / f"{name}.png").stat().st_size > 20_000
    assert re.search(rf"images/{name}\.png", (ROOT / "docs" / "report.md").read_text(encoding="utf-8"))
    assert (PICTURES / f"{name}.png").is_file()
