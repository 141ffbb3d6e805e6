// Visits HTML reports in a headless Chromium and prints what it finds there as JSON.
//
// stdin: {"chromium": PATH, "pages": {NAME: {"file": PATH, "wanted": ["axe", "axe open", "walk", "pdf"]}}}
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// Nothing of the browser's own goes to the network either.
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const DESKTOP = { width: 1280, height: 900 }, PHONE = { width: 390, height: 844 };
const PAPER = { upright: 680, across: 1009 };  // pixels between the margins of A4

const input = JSON.parse(readFileSync(0, "utf8"));
const browser = await chromium.launch({ executablePath: input.chromium, args: QUIET });
const found = {};
const waiting = Object.entries(input.pages);
await Promise.all([1, 2].map(async () => {  // a page at a time would leave a core idle
  for (let next; (next = waiting.shift());) found[next[0]] = await visit(pathToFileURL(next[1].file).href, next[1].wanted);
}));
await browser.close();
process.stdout.write(JSON.stringify(found));

async function visit(url, wanted) {
  const context = await browser.newContext({ viewport: DESKTOP, offline: true });
  const page = await context.newPage();
  const said = { requests: [], dialogs: 0, errors: [], axe: {}, sideways: {} };
  page.on("request", (request) => said.requests.push(request.url()));
  page.on("dialog", (dialog) => { said.dialogs += 1; dialog.dismiss(); });
  page.on("console", (message) => said.errors.push(message.text()));
  await page.goto(url);
  said.shape = await page.evaluate(shape);
  if (wanted.includes("pdf")) said.pdf = (await page.pdf({ preferCSSPageSize: true })).subarray(0, 5).toString();
  await page.evaluate(AXE);
  if (wanted.includes("axe")) {
    said.axe.desktop = await page.evaluate(axe, { tags: TAGS, colours: true });
    await page.setViewportSize(PHONE);
    said.axe.phone = await page.evaluate(axe, { tags: TAGS, colours: false });  // they do not hang on the width
    await page.setViewportSize(DESKTOP);
  }
  if (wanted.includes("walk")) said.walk = await walk(page);
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
  if (wanted.includes("axe open")) said.axe.open = await page.evaluate(axe, { tags: TAGS, colours: true });
  said.sideways.desktop = await page.evaluate(sideways);
  await page.setViewportSize(PHONE);
  said.sideways.phone = await page.evaluate(sideways);
  await page.emulateMedia({ media: "print" });
  for (const [name, width] of Object.entries(PAPER)) {
    await page.setViewportSize({ width, height: 900 });
    said.sideways[name] = await page.evaluate(sideways);
  }
  said.printed = await page.evaluate(printed);
  await context.close();
  said.plain = await plain(url);
  return said;
}

/** The page with scripts switched off: what it says, and whether the keyboard opens what is closed. */
async function plain(url) {
  const context = await browser.newContext({ viewport: DESKTOP, offline: true, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(url);
  const summary = page.locator("summary").first();
  await summary.press("Enter");
  const open = await page.locator("details").first().getAttribute("open");
  const said = { opens: open !== null, text: (await page.locator("main").innerText()).length };
  await context.close();
  return said;
}

/** Everything by the Tab key alone, opening each closed part on the way by Enter. */
async function walk(page) {
  await page.evaluate(() => {
    window.steps = [];
    const seen = (e, box) => {
      const at = document.elementFromPoint(Math.min(box.left + box.width / 2, innerWidth - 1), Math.max(0, Math.min(box.top + box.height / 2, innerHeight - 1)));
      return at !== null && (e === at || e.contains(at) || at.contains(e));
    };
    // Asked when the next key goes down: by then the page has scrolled to what has the focus.
    document.addEventListener("keydown", (event) => {
      const e = document.activeElement, style = getComputedStyle(e), first = e.getClientRects()[0];
      if (event.key !== "Tab" || e === document.body) return;
      const problems = [];
      if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) problems.push("no outline");
      if (!first || !seen(e, first)) problems.push("out of sight");
      if (e.tagName === "SUMMARY" && !e.parentElement.open) problems.push("not opened");
      window.steps.push([e, problems]);
    }, true);
  });
  // Keys go to the browser one after the other, not waiting for each: there are a thousand on a page.
  const keys = await page.evaluate(() => [...document.querySelectorAll('a[href], summary, [tabindex="0"]')]
    .flatMap((e) => (e.tagName === "SUMMARY" && !e.parentElement.open ? ["Tab", "Enter"] : ["Tab"])));
  const session = await page.context().newCDPSession(page);
  await Promise.all([...keys, "Tab"].flatMap((key) => {
    const event = { key, code: key, windowsVirtualKeyCode: key === "Tab" ? 9 : 13, ...(key === "Enter" && { text: "\r" }) };
    return ["keyDown", "keyUp"].map((type) => session.send("Input.dispatchKeyEvent", { type, ...event }));
  }));
  return page.evaluate(() => {
    const wanted = [...document.querySelectorAll('a[href], summary, [tabindex="0"]')];
    const reached = window.steps.map(([e]) => e);
    const name = (e) => e.outerHTML.slice(0, 120);
    return {
      steps: reached.length,
      inOrder: reached.length === wanted.length && reached.every((e, n) => e === wanted[n]),
      missed: wanted.filter((e) => !reached.includes(e)).map(name),
      problems: window.steps.filter(([, p]) => p.length).map(([e, p]) => [...p, name(e)]),
    };
  });
}

async function axe({ tags, colours }) {
  const rules = { "color-contrast": { enabled: colours } };
  const { violations } = await window.axe.run(document, { runOnly: tags, resultTypes: ["violations"], rules });
  return violations.map((v) => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 300), v.nodes[0].failureSummary]);
}

/** What sticks out of the page to the right, other than within a region that scrolls. */
function sideways() {
  const width = document.documentElement.clientWidth;
  const out = document.documentElement.scrollWidth > width ? ["the page scrolls"] : [];
  for (const e of document.querySelectorAll("body *")) {
    const region = e.closest(".scroll");
    if (region && region !== e && getComputedStyle(region).overflowX !== "visible") continue;
    if (!e.closest(".hidden, .skip, td > i, a > i") && e.getBoundingClientRect().right > width + 1) out.push(e.outerHTML.slice(0, 120));
  }
  return out.slice(0, 5);
}

/** In print, what is closed: whether its content shows, or is left out with its head. */
function printed() {
  document.querySelectorAll("details").forEach((d) => { d.open = false; });
  const shows = (e) => e.checkVisibility({ contentVisibilityAuto: true });
  const kinds = [...document.querySelectorAll("details")].map((d) => {
    const [head, inside] = [d.firstElementChild, d.lastElementChild];
    return head.checkVisibility() === inside.checkVisibility() ? (shows(inside) ? "shown" : "left out") : head.textContent;
  });
  return { shown: kinds.filter((k) => k === "shown").length, odd: kinds.filter((k) => k !== "shown" && k !== "left out") };
}

/** Elements with their attributes, addresses, and scripts. */
function shape() {
  const all = [...document.querySelectorAll("*")];
  return {
    scripts: document.scripts.length,
    elements: all.map((e) => [e.localName, ...e.getAttributeNames().sort()].join(" ")),
    schemes: [...new Set([...document.links].map((a) => a.protocol))].sort(),
    text: document.body.textContent,
  };
}
