// Run in the browser on a copy of the report, whose own policy allows no script: what people who use a keyboard, a
// reader or a narrow screen meet. Tells the page around it, once all that it asks for has come or failed.
addEventListener("load", () => {
  const faults = [];
  const fault = (rule, element) => faults.push(`${rule}: ${element ? element.outerHTML.slice(0, 120) : "page"}`);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const named = (element) => {
    const ids = element.getAttribute("aria-labelledby");
    if (ids) return ids.split(" ").every((id) => document.getElementById(id)?.textContent.trim());
    return Boolean(element.getAttribute("aria-label")?.trim());
  };

  if (!document.documentElement.lang) fault("the page names its language");
  if (!document.title) fault("the page has a title");
  for (const landmark of ["main", "header", "footer", "nav"])
    if (all(`body > ${landmark}, main > ${landmark}`).length !== 1) fault(`one landmark ${landmark}`);
  if (all("h1").length !== 1) fault("one h1");
  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6")) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) fault("headings leave out no level", heading);
    if (!heading.textContent.trim()) fault("headings say something", heading);
    level = own;
  }
  const ids = new Set();
  for (const element of all("[id]")) {
    if (ids.has(element.id)) fault("ids are unique", element);
    ids.add(element.id);
  }
  for (const link of all("a")) if (!ids.has(link.hash.slice(1))) fault("links lead somewhere", link);
  if (document.querySelector("a")?.className !== "skip") fault("the skip link comes first");
  for (const svg of all("svg")) {
    if (svg.getAttribute("role") !== "img" || !named(svg)) fault("pictures have a name", svg);
    const numbers = svg.closest("figure")?.nextElementSibling;
    if (!numbers?.matches("details") || !numbers.querySelector("tbody tr")) fault("numbers stand behind a plot", svg);
  }
  for (const table of all("table")) {
    if (!table.caption?.textContent.trim()) fault("tables have a caption", table);
    if (!table.parentElement.matches(".scroll")) fault("tables scroll by themselves", table);
  }
  for (const cell of all("th")) if (!["row", "col"].includes(cell.scope)) fault("heads have a scope", cell);
  for (const box of all(".scroll")) if (box.tabIndex !== 0 || !named(box)) fault("what scrolls takes the focus", box);
  for (const details of all("details"))
    if (details.firstElementChild?.tagName !== "SUMMARY" || !details.firstElementChild.textContent.trim())
      fault("details have a summary", details);
  for (const list of all("ul, ol"))
    if ([...list.children].some((item) => item.tagName !== "LI")) fault("lists hold items only", list);

  // Contrast of every text, as it is shown: WCAG 2.2, level AA for text of any size.
  for (const details of all("details")) details.open = true;
  const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [red, green, blue] = parts(colour).slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== "transparent" && (parts(colour)[3] ?? 1) === 1) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  let shown = 0;
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || element.closest("svg, script")) continue;
    shown += 1;
    const pair = [getComputedStyle(element).color, behind(element)];
    if (seen.has(pair.join())) continue;
    seen.add(pair.join());
    const [light, dark] = pair.map(luminance).sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < 4.5) fault(`contrast ${ratio.toFixed(2)}`, element);
  }
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) fault(`the page scrolls sideways, ${wide} over ${innerWidth} pixels`);

  const result = {
    faults,
    width: innerWidth,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    requests: performance.getEntriesByType("resource").map((entry) => entry.name),
    texts: shown,
    plots: all("svg").length,
    tables: all("table").length,
  };
  (window.parent ?? window).postMessage(JSON.stringify(result), "*");
});
