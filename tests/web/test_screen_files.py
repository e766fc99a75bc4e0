"""The files of stage and overlay: small modules, all announced, and an overlay that runs in old browser docks."""

import re

import pytest

from quizapp.config import ROOT

STATIC = ROOT / "static"
MODULE = 6000  # bytes (ux §8)
SCREENS = ["stage", "overlay"]

# What Chromium learned after version 95, which older broadcasting programs still carry.
TOO_NEW_CSS = {
    "a selector by content": r":has\(",
    "nesting": r"\{[^{}]*\{|&\s*[.:#\[ ]",
    "mixed colours": r"color-mix\(|oklch\(|oklab\(|\blch\(|light-dark\(",
    "viewport units": r"\d(?:d|s|l)v(?:h|w|min|max)\b|\dcq[whib]",
    "layers and containers": r"@(?:layer|container|scope|property|starting-style)\b",
    "ranges in conditions": r"@media[^{]*[<>]",
    "single transforms": r"[;{\s](?:translate|rotate|scale)\s*:",
    "subgrid": r"\bsubgrid\b",
    "new properties": r"[;{\s](?:text-wrap|view-transition-name|animation-timeline|field-sizing|interpolate-size)\s*:",
    "functions of angles": r"\b(?:sin|cos|tan|round|mod|rem|abs)\(",
}
TOO_NEW_SCRIPT = re.compile(
    r"\.findLast|structuredClone|\.toSorted|\.toReversed|\.toSpliced|\.with\(|groupBy\(|withResolvers|scheduler\."
    r"|startViewTransition|popover|\.isWellFormed|Set\.prototype|\bfromAsync\b|\.union\("
)


def template(screen):
    return (ROOT / "templates" / "room" / f"{screen}.html").read_text(encoding="utf-8")


def sheets(screen):
    """The style sheets of a screen, without comments."""
    names = re.findall(r'static_url\("css/([\w-]+\.css)"\)', template(screen))
    texts = {name: (STATIC / "css" / name).read_text(encoding="utf-8") for name in names}
    return {name: re.sub(r"/\*.*?\*/", "", text, flags=re.S) for name, text in texts.items()}


def modules(name):
    """The names of a module and of everything it imports of ours."""
    found, left = set(), [name]
    while left:
        one = left.pop()
        if one in found:
            continue
        found.add(one)
        source = (STATIC / "js" / f"{one}.js").read_text(encoding="utf-8")
        left += re.findall(r'from "\./([\w-]+)\.js"', source)
    return found


def flat(text):
    """A sheet without its conditions and key frames, whose braces are no nesting."""
    return re.sub(r"@(?:media|keyframes|supports|font-face)[^{]*\{((?:[^{}]|\{[^{}]*\})*)\}", r"\1", text)


def too_new(text):
    return [
        what for what, pattern in TOO_NEW_CSS.items() if re.search(pattern, flat(text) if what == "nesting" else text)
    ]


def test_the_overlay_is_styled_with_what_chromium_95_knows():
    found = {name: too_new(text) for name, text in sheets("overlay").items()}
    assert set(found) == {"tokens.css", "fonts.css", "overlay.css"}
    assert {name: flaws for name, flaws in found.items() if flaws} == {}


@pytest.mark.parametrize(
    "css",
    [
        ".a:has(.b){color:red}",
        ".a{color:red;.b{color:blue}}",
        ".a{ & .b{color:blue} }",
        ".a{color:color-mix(in srgb,red,blue)}",
        ".a{height:100dvh}",
        "@layer base{.a{color:red}}",
        "@container (min-width:10px){.a{color:red}}",
        "@media (width >= 600px){.a{color:red}}",
        ".a{translate:10px}",
        ".a{grid-template-rows:subgrid}",
        "h1{text-wrap:balance}",
        ".a{width:calc(sin(1)*1px)}",
    ],
)
def test_newer_css_is_refused(css):
    assert too_new(css)


def test_older_css_with_conditions_is_not():
    assert not too_new("@media (max-width:3px){.a{width:1px}.b{transform:rotate(1deg)}} @keyframes c{from{opacity:0}}")


def test_the_overlay_uses_no_script_newer_than_chromium_95():
    for name in modules("overlay"):
        assert not TOO_NEW_SCRIPT.search((STATIC / "js" / f"{name}.js").read_text(encoding="utf-8")), name
    assert TOO_NEW_SCRIPT.search("list.findLast(is)")


def test_on_the_overlay_only_place_and_opacity_move():
    css = sheets("overlay")["overlay.css"]
    frames = re.findall(r"@keyframes \w+\{((?:[^{}]*\{[^{}]*\})+)\}", css)
    assert len(frames) == css.count("@keyframes") > 0
    moved = {name for frame in frames for name in re.findall(r"([\w-]+)\s*:", frame)}
    gliding = {each.split()[0] for each in re.findall(r"[;{\s]transition:([^;}!]+)", css)}
    assert moved <= {"transform", "opacity"} and gliding <= {"transform", "opacity", "none"}


@pytest.mark.parametrize("screen", SCREENS)
def test_modules_are_small_and_announced_by_the_page(screen):
    used = modules(screen)
    announced = set(re.findall(r'"([\w-]+)"', re.search(r"{% for name in \[(.*?)\]", template(screen))[1]))
    assert {name for name in used if (STATIC / "js" / f"{name}.js").stat().st_size > MODULE} == set()
    assert used - {screen} == announced  # no chain of requests, and nothing that is not used
