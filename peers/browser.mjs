// A real Chromium for the judge of the editor: what goes wrong in a page is noted, the keyboard is used as a person would.
//
// CHROMIUM names the program (default: /usr/bin/chromium); PAWNOTE_FOLDER holds the packages that peers/install fetched.

import { createRequire } from "node:module";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.env.PAWNOTE_FOLDER ?? ".";
const require = createRequire(pathToFileURL(join(folder, "judge.cjs")));
const { chromium } = require("playwright-core");

const FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

export const check = (holds, what) => {
  if (!holds) throw new Error(what);
};

export const equal = (found, wanted, what) => {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  check(a === b, `${what}: found ${a}, not ${b}`);
};

// Starts the browser. Every window has its own cookies, and complains by itself in the end.
export const start = async (shots) => {
  // Chromium runs without its sandbox where its user is root, as in containers.
  const args = process.getuid?.() === 0 ? [...FLAGS, "--no-sandbox"] : FLAGS;
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
  if (shots) mkdirSync(shots, { recursive: true });
  const troubles = [];

  const window = async (name, options = {}) => {
    const context = await browser.newContext({ locale: "en", viewport: { width: 1280, height: 800 }, ...options });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    // Statuses that a step of the story wants to see; Chromium reports them to the console as well.
    page.wanted = new Set();
    page.on("pageerror", (error) => troubles.push(`${name}: ${error.message} on ${page.url()}`));
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      if (why !== "net::ERR_ABORTED") troubles.push(`${name}: ${why} ${request.url()}`);
    });
    page.on("response", (response) => {
      const status = response.status();
      if (status >= 400 && !page.wanted.has(status)) troubles.push(`${name}: ${status} ${response.url()}`);
    });
    page.on("console", (message) => {
      const loud = ["error", "warning"].includes(message.type());
      if (loud && !message.text().startsWith("Failed to load resource")) {
        troubles.push(`${name}: ${message.text()} on ${page.url()}`);
      }
    });
    page.on("dialog", (dialog) => dialog.accept());
    page.shot = async (file) => {
      if (shots) await page.screenshot({ path: join(shots, `${file}.png`), fullPage: true });
    };
    return page;
  };
  const end = async () => {
    await browser.close();
    equal(troubles, [], "the browser complained");
  };
  return { window, end };
};

// What has the keyboard, for messages and for looking at.
const focused = () => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  const label = one.labels?.length ? [...one.labels].map((label) => label.textContent).join(" ") : "";
  const name = (one.ariaLabel || label || one.textContent || one.title || "").trim().replace(/\s+/g, " ");
  window.judged ??= new Map();
  if (!window.judged.has(one)) window.judged.set(one, window.judged.size);
  const unseen = one.closest(".unseen, [hidden]") !== null || box.width < 2 || box.height < 2;
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return { key: window.judged.get(one), tag: one.localName, name, unseen, outlined };
};

// Goes on with Tab until what has the keyboard is wanted; a person would not go round more than once.
export const reach = async (page, selector, least = 0) => {
  for (let steps = 0; steps < 400; steps++) {
    const there = await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
    if (there && steps >= least) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the keyboard does not reach ${selector} on ${page.url()}`);
};

// Puts a text where the keyboard is.
export const write = async (page, selector, text) => {
  await reach(page, selector);
  await page.keyboard.press("ControlOrMeta+A");
  if (text) await page.keyboard.insertText(text);
  else await page.keyboard.press("Delete");
};

// Chooses from a list with the arrow keys, as far as they go.
export const choose = async (page, selector, value) => {
  await reach(page, selector);
  await page.keyboard.press("Home");
  for (let steps = 0; steps < 60; steps++) {
    if ((await page.evaluate(() => document.activeElement.value)) === String(value)) return;
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`${value} cannot be chosen in ${selector} on ${page.url()}`);
};

// Presses what is wanted, and waits for the page it leads to.
export const press = async (page, selector, key = "Enter") => {
  await reach(page, selector);
  await Promise.all([page.waitForEvent("framenavigated"), page.keyboard.press(key)]);
  await page.waitForLoadState();
};

// Goes through a page with Tab: everything that can be used is reached, in the order it stands in, seen, and has a name.
export const tour = async (page) => {
  await page.evaluate(() => document.activeElement?.blur());
  const stops = [];
  for (let steps = 0; steps < 500; steps++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(focused);
    // Fields of dates have several stops of their own.
    if (stop?.key === stops.length - 1) continue;
    if (!stop || stop.key < stops.length) break;
    check(stop.name, `a ${stop.tag} has no name on ${page.url()}`);
    check(!stop.unseen, `“${stop.name}” has the keyboard and is not seen on ${page.url()}`);
    check(stop.outlined, `“${stop.name}” does not show that it has the keyboard on ${page.url()}`);
    stops.push(stop.name);
  }
  const usable = await page.evaluate(() => {
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")];
    const shown = all.filter((one) => one.type !== "hidden" && one.checkVisibility());
    const order = shown.filter((one) => window.judged.has(one)).map((one) => window.judged.get(one));
    // Of a group of radio buttons the keyboard stops at one.
    const missed = shown.filter((one) => !window.judged.has(one) && one.type !== "radio").map((one) => one.outerHTML);
    return { missed, ordered: order.every((key, at) => at === 0 || order[at - 1] < key) };
  });
  equal(usable.missed, [], `the keyboard does not reach everything on ${page.url()}`);
  check(usable.ordered, `the keyboard does not go through ${page.url()} in its order`);
  equal(stops[0] !== undefined, true, `${page.url()} has nothing to use`);
  return stops.length;
};

// What a person on a telephone, or one who sees little, would stumble over.
export const looks = async (page) => {
  const found = await page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const channel = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    const light = ([r, g, b]) => 0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
    const parse = (color) => color.match(/[\d.]+/g).map(Number);
    const ground = (one) => {
      for (let at = one; at; at = at.parentElement) {
        const color = parse(getComputedStyle(at).backgroundColor);
        if (color.length < 4 || color[3] === 1) return color;
      }
      return [255, 255, 255];
    };
    const faint = new Set();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const one = texts.currentNode.parentElement;
      if (!texts.currentNode.data.trim() || !one.checkVisibility() || one.closest(".unseen, .skip, option")) continue;
      const [a, b] = [light(parse(getComputedStyle(one).color)), light(ground(one))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < 4.5) faint.add(`${ratio.toFixed(1)} ${texts.currentNode.data.trim().slice(0, 40)}`);
    }
    const unnamed = [...document.querySelectorAll("input, select, textarea")]
      .filter((one) => one.type !== "hidden" && one.checkVisibility() && !one.labels.length && !one.ariaLabel);
    return { wide, faint: [...faint], unnamed: unnamed.map((one) => one.outerHTML) };
  });
  check(found.wide <= 0, `${page.url()} is ${found.wide} pixels too wide`);
  equal(found.faint, [], `texts are too faint on ${page.url()}`);
  equal(found.unnamed, [], `fields have no label on ${page.url()}`);
};
