// What can be wrong with what a screen has drawn; asked by screens.py in the page itself.
window.drawn = {
  // Text at the edge, cut off, too small, or over other text; boxes outside the picture or over each other.
  faults: ([margin, least, box]) => {
    const wide = innerWidth, tall = innerHeight;
    const unit = tall / wide > 2 / 3 ? Math.min(tall / 1200, wide / 1600) : Math.min(tall / 1080, wide / 1920);
    const over = ".announcement, .keys, .chip, .host-line";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [], texts = [];
    while (walker.nextNode()) {
      const node = walker.currentNode, part = node.parentElement;
      if (!node.data.trim() || part.closest("script, template, svg, .sr, " + over)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const rects = [...range.getClientRects()].filter((rect) => rect.width > 0.5 && rect.height > 0.5);
      if (!rects.length || getComputedStyle(part).visibility === "hidden") continue;
      const said = node.data.trim().slice(0, 40);
      let hidden = false;
      for (let at = part; at && at !== document.body; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (style.overflowX === "visible" && style.overflowY === "visible") continue;
        const clip = at.getBoundingClientRect();
        const inside = (rect) => rect.top >= clip.top - 2 && rect.bottom <= clip.bottom + 2 && rect.left >= clip.left - 2 && rect.right <= clip.right + 2;
        const outside = (rect) => rect.bottom <= clip.top + 1 || rect.top >= clip.bottom - 1;
        if (rects.every(outside)) hidden = true;
        else if (!rects.every(inside)) found.push(`cut off: ${said}`);
      }
      if (hidden) continue;
      const size = parseFloat(getComputedStyle(part).fontSize);
      if (size < least * 1080 * unit - 0.1) found.push(`small (${(size / unit).toFixed(1)}): ${said}`);
      for (const rect of rects) {
        const line = { left: rect.left, right: rect.right, top: rect.top + rect.height * 0.2, bottom: rect.bottom - rect.height * 0.2 };
        if (line.left < wide * margin - 1.5 || line.right > wide * (1 - margin) + 1.5 || line.top < tall * margin - 1.5 || line.bottom > tall * (1 - margin) + 1.5)
          found.push(`at the edge: ${said}`);
        const other = texts.find((one) => one.part !== part && one.left < line.right - 1 && line.left < one.right - 1 && one.top < line.bottom - 1 && line.top < one.bottom - 1);
        if (other) found.push(`over “${other.said}”: ${said}`);
        texts.push({ ...line, part, said });
      }
    }
    const boxes = [...document.querySelectorAll(box)].filter((one) => one.offsetParent !== null).map((one) => [one, one.getBoundingClientRect()]);
    for (const [one, rect] of boxes) {
      if (rect.left < -1 || rect.top < -1 || rect.right > wide + 1 || rect.bottom > tall * (1 - margin) + 1.5) found.push(`box outside: ${one.className || one.tagName}`);
      for (const [two, beside] of boxes)
        if (one !== two && !one.contains(two) && !two.contains(one) && rect.left < beside.right - 1 && beside.left < rect.right - 1 && rect.top < beside.bottom - 1 && beside.top < rect.bottom - 1)
          found.push(`boxes over each other: ${one.className || one.tagName}, ${two.className || two.tagName}`);
    }
    return [...new Set(found)];
  },

  // Text whose contrast is below 7:1 over a white or a black picture; 4.5:1 for the large letters in the badges.
  pale: () => {
    const parse = (colour) => { const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number); return { r, g, b, a }; };
    const over = (top, under) => Object.fromEntries(["r", "g", "b"].map((c) => [c, top[c] * top.a + under[c] * (1 - top.a)]));
    const linear = (c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
    const light = ({ r, g, b }) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const part = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || part.closest("script, template, svg, .sr") || !part.getClientRects().length) continue;
      const chain = [];
      for (let at = part; at; at = at.parentElement) chain.unshift(parse(getComputedStyle(at).backgroundColor));
      for (const picture of [{ r: 255, g: 255, b: 255 }, { r: 0, g: 0, b: 0 }]) {
        const under = chain.reduce((below, colour) => over(colour, below), picture);
        const ratio = contrast(over(parse(getComputedStyle(part).color), under), under);
        if (ratio < (part.closest(".badge") ? 4.5 : 7)) found.push(`${ratio.toFixed(1)}:1: ${walker.currentNode.data.trim().slice(0, 40)}`);
      }
    }
    return [...new Set(found)];
  },
};
