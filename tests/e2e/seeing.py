"""Whether a page is for everybody: what axe-core finds in it, and what is cut off where letters are very large."""

from __future__ import annotations

from pathlib import Path

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"

# Folded parts are part of the page too.
UNFOLD = "() => { for (const part of document.querySelectorAll('details')) part.open = true }"
THEME = "theme => { document.documentElement.dataset.theme = theme }"
RUN = """async only => {
  const options = { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } };
  if (only) options.runOnly = { type: "rule", values: only };
  const { violations } = await axe.run(document, options);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, html, failureSummary }) =>
    `${id}: ${target.join(" ")}: ${html.slice(0, 200)}: ${failureSummary.replace(/\\s+/g, " ").slice(0, 300)}`));
}"""
SIZES = """() => {
  const root = document.documentElement;
  const outside = [...document.body.querySelectorAll("*")].filter((part) => {
    const { right, width } = part.getBoundingClientRect();
    return width > 0 && right > root.clientWidth + 1 && !part.closest(".scroll, .sr, svg");
  });
  const first = outside.slice(0, 5).map((part) => part.outerHTML.slice(0, 120));
  return { needed: root.scrollWidth, there: root.clientWidth, outside: first };
}"""
ONLY_COLOURS = ["color-contrast", "link-in-text-block"]  # all that a theme can change: it switches colours only


def violations(page, unfold=True):
    """What axe-core finds in the light theme, and what changes for it in the dark one."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    if unfold:
        page.evaluate(UNFOLD)
    was = page.evaluate("document.documentElement.dataset.theme || ''")
    found = []
    for theme, only in (("light", None), ("dark", ONLY_COLOURS)):
        page.evaluate(THEME, theme)
        found += [f"{theme}: {violation}" for violation in page.evaluate(RUN, only)]
    page.evaluate(THEME, was)
    return found


def cut_off(page):
    """Whether a phone of 320 px with very large letters would have to be scrolled sideways."""
    before = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("document.documentElement.dataset.text = 'xl'")
    sizes = page.evaluate(SIZES)
    page.evaluate("delete document.documentElement.dataset.text")
    page.set_viewport_size(before)
    if sizes["needed"] <= sizes["there"]:
        return []
    return [f"320 px, very large: {sizes['needed']} px wide: {sizes['outside']}"]
