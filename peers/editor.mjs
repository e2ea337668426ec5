// Uses the editor of a class board in a real Chromium, as people do: editor.mjs URL NAME PASSWORD [FOLDER FOR PICTURES]
//
// URL is that of the pages (`http://127.0.0.1:8000/board/`), NAME an administrator. A class is made and kept with the
// keyboard alone; every page is gone through with Tab, looked at on a telephone, in the dark, in three languages; every
// form is sent without JavaScript; two browsers meet over the same thing, and nothing is lost.

import { check, choose, equal, looks, press, reach, start, tour, write } from "./browser.mjs";

const [root, admin, password, shots] = process.argv.slice(2);
const slug = `j${Date.now().toString(36)}`;
const class_root = `${root}${slug}/`;
const people = { head: `head_${slug}`, editor: `editor_${slug}`, second: `second_${slug}` };
const SECRET = "satchel-and-strap";
const { window, end } = await start(shots);

const said = (page) => page.locator("[role=status]").textContent();
const heading = (page) => page.locator("h1").textContent();
const field = (name) => `main [name="${name}"]`;
const submit = "main form[data-guard] .actions button";

const sign_in = async (page, name, secret) => {
  await page.goto(`${root}sign-in`);
  await page.fill("[name=name]", name);
  await page.fill("[name=password]", secret);
  await page.locator("main button").click();
  await page.waitForLoadState();
  check(!page.url().includes("sign-in"), `${name} cannot sign in`);
  return page;
};

// A class is made and kept with the keyboard alone.
const keyboard = async () => {
  const page = await window("keyboard");
  await page.goto(root);
  await write(page, field("name"), admin);
  await write(page, field("password"), password);
  await press(page, field("password"));
  equal(await heading(page), "Classes", "signed in");

  await press(page, "a[href='/board/new-class']");
  await write(page, field("name"), "Judges");
  await write(page, field("slug"), slug);
  await choose(page, field("language"), "en");
  await press(page, submit);
  equal(await said(page), "Class added.", "the class");

  await press(page, ".steps a");
  await write(page, field("names"), "Algebra\nPhysics\nHistory\nArt");
  await press(page, field("names"), "Control+Enter");
  equal(await said(page), "Subjects added.", "subjects, by Ctrl+Enter");

  await press(page, "nav a[href$='/timetable']");
  await press(page, "main a[href$='/timetable/week']");
  await reach(page, field("s00"));
  await choose(page, field("s00"), 2);
  await page.keyboard.press("Control+ArrowRight");
  equal(await page.evaluate(() => document.activeElement.name), "s10", "Ctrl with an arrow goes to the next day");
  await choose(page, field("s10"), 1);
  await page.keyboard.press("Control+ArrowDown");
  await choose(page, field("s11"), 3);
  equal(await page.inputValue(field("text1")), "1. Algebra\n2. History\n", "the text follows the grid");
  await press(page, submit);
  equal(await said(page), "Saved.", "the week");

  await press(page, "nav a[href$='/homework']");
  await press(page, "main a[href$='/homework/new']");
  await choose(page, field("subject"), 1);
  await write(page, field("text"), "Nos. 1–9 <odd ones>");
  await press(page, submit);
  equal(await said(page), "Homework added.", "homework");
  check((await page.textContent("main")).includes("Nos. 1–9 <odd ones>"), "the homework is shown as it was typed");
  await write(page, "#note-2-text", "Bring a ruler");
  await press(page, submit.replace("form", "form[action$='notes/2']"));
  equal(await said(page), "Saved.", "homework without a date");

  await press(page, "nav a[href$='/changes']");
  await press(page, ".inline button");
  await choose(page, field("row1"), -1);
  await write(page, field("text"), "No first lesson");
  await press(page, submit);
  equal(await said(page), "Saved.", "the changes of a day");

  for (const [name, role] of [[people.head, "head"], [people.editor, "editor"], [people.second, "editor"]]) {
    await press(page, "nav a[href$='/users']");
    await write(page, field("name"), name);
    await write(page, field("new-password"), SECRET);
    await choose(page, field("role"), role);
    await press(page, submit);
    equal(await said(page), "User added.", name);
  }

  await press(page, "nav a[href$='/preview']");
  await write(page, field("text"), "changes");
  await press(page, field("text"));
  equal(await page.locator(".bubble.mine").textContent(), "changes", "the bot is asked");
  check((await page.locator(".bubble").count()) > 1, "the bot answers");

  await press(page, "nav a[href$='/history']");
  await press(page, ".entry button");
  equal(await said(page), "Undone.", "the last change");

  await page.goto(class_root);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  equal(await page.evaluate(() => document.activeElement.id), "main", "the first stop skips to the content");
  return page;
};

// The pages of a class, and those above it.
const pages = [
  "", "homework", "homework/new", "homework/notes/1", "changes", "timetable", "timetable/week", "timetable/new",
  "subjects", "subjects/1", "subjects/1/archive", "preview", "preview?text=homework", "history", "users", "chats",
  "pronote", "settings", "nowhere",
].map((page) => [page, class_root + page]);
pages.push(["classes", root], ["new-class", `${root}new-class`], ["account", `${root}account`], ["all users", `${root}_users`],
  ["all history", `${root}_history`]);

const every_page = async (page, prefix, look) => {
  page.wanted.add(404);
  for (const [name, address] of pages) {
    await page.goto(address);
    await look(page);
    await page.shot(`${prefix}-${name.replace(/\W+/g, "-") || "overview"}`);
  }
};

// What JavaScript adds, and no more than that.
const better = async (page) => {
  await page.goto(`${class_root}homework`);
  await page.fill("[data-filter]", "phys");
  equal(await page.locator("#notes-list > :visible").count(), 1, "the filter leaves one subject");
  await page.fill("#note-2-text", "Not saved yet");
  const asked = page.waitForEvent("dialog");
  await page.locator("nav.side a").first().click();
  equal((await asked).type(), "beforeunload", "a form that was changed is not left by accident");
  await page.waitForURL(class_root);
};

// A link from another site, such as a chat, leads where it says, although the browser keeps the cookie to itself at first.
const outside = async (page) => {
  await page.route("http://chat.example/", (route) =>
    route.fulfill({ contentType: "text/html", body: `<a href="${class_root}homework">homework</a>` }));
  await page.goto("http://chat.example/");
  await page.locator("a").click();
  await page.locator("#notes-list").waitFor();
};

// Everything can be done without JavaScript.
const plain = async () => {
  const page = await sign_in(await window("plain", { javaScriptEnabled: false }), people.head, SECRET);
  const send = async (path, fill, button, notice) => {
    if (path !== null) await page.goto(class_root + path);
    await fill();
    await page.locator(button).first().click();
    await page.waitForLoadState();
    equal(await said(page), notice, path);
  };
  await send("homework/new", async () => {
    await page.selectOption(field("subject"), "3");
    await page.fill(field("text"), "Read chapter 2");
    await page.fill(field("links"), "https://example.org/2");
  }, submit, "Homework added.");
  await page.locator("a", { hasText: "Edit History" }).first().click();
  await send(null, () => page.fill(field("text"), "Read chapter 3"), submit, "Saved.");
  await page.locator("a", { hasText: "Edit History" }).first().click();
  await send(null, () => {}, "form[action$=remove] button", "Removed. The history can bring it back.");
  await send("homework", () => page.fill("#note-1-text", "Every day"), "form[action$='notes/1'] button", "Saved.");
  await send("changes", () => page.selectOption(field("row8"), "4"), submit, "Saved.");
  await page.goto(`${class_root}changes`);
  await page.locator(".inline button").click();
  await send(null, () => page.fill(field("text"), "Art instead"), submit, "Saved.");
  await page.locator(".inline button").click();
  await send(null, () => {}, "form[action$=remove] button", "Removed. The history can bring it back.");
  await send("timetable/week", async () => {
    await page.check(`${field("mode5")}[value=free]`);
    await page.fill(field("text5"), "Saturday is free");
  }, submit, "Saved.");
  await send("timetable/new", () => page.selectOption(field("s22"), "4"), submit, "Timetable added.");
  await page.locator("article a").first().click();
  await send(null, () => page.fill(field("to"), "2040-06-30"), submit, "Saved.");
  await page.locator("article a").first().click();
  await send(null, () => {}, "form[action$=remove] button", "Removed. The history can bring it back.");
  await send("subjects", () => page.fill(field("names"), "Music"), submit, "Subjects added.");
  await send("subjects/4", () => page.fill(field("name"), "Fine art"), submit, "Saved.");
  await send("subjects/5/archive", () => {}, ".danger", "Subject put away. The history can bring it back.");
  await send("history", () => {}, ".entry button", "Undone.");
  await send("settings", () => page.fill(field("b0from"), "08:30").then(() => page.fill(field("b0to"), "09:15")), submit, "Saved.");
  await send("chats", () => {}, "form[action$=code] button", "There is a new code. Bound chats stay bound.");
  const other = `helper_${slug}`;
  await send("users", async () => {
    await page.fill(field("name"), other);
    await page.fill(field("new-password"), SECRET);
  }, submit, "User added.");
  const open = () => page.locator("tr", { hasText: other }).locator("a").click();
  await open();
  await send(null, () => page.selectOption("select", "reader"), submit, "Saved.");
  await open();
  await send(null, () => page.fill(field("new-password"), "another-satchel"), "form:has([value=password]) .actions button",
    "The new password holds. Tell it to its owner.");
  await open();
  await page.locator("a.danger").click();
  await send(null, () => {}, ".danger", "User removed.");
  await page.goto(`${root}account`);
  await send(null, async () => {
    await page.fill(field("password"), SECRET);
    await page.fill(field("new-password"), `${SECRET}-new`);
  }, submit, "Password changed. Other browsers and programs were signed out.");
  await page.goto(class_root);
  for (const [tag, title] of [["fr", "Devoirs"], ["ru", "Домашнее задание"], ["en", "Homework"]]) {
    await page.locator(`[name=language][value=${tag}]`).click();
    await page.waitForLoadState();
    equal((await page.locator("nav:visible a, summary").allTextContents()).includes(title), true, `in ${tag}`);
  }
  // A fault beside its field, and what was typed.
  page.wanted.add(422);
  await page.goto(`${class_root}homework/new`);
  await page.fill(field("text"), "For nobody");
  await page.locator(submit).click();
  equal(await page.locator("#subject-wrong").textContent(), "Choose a subject.", "the fault");
  equal(await page.inputValue(field("text")), "For nobody", "what was typed");
  await page.shot("plain-fault");
};

// Two browsers at the same thing.
const conflict = async () => {
  const one = await sign_in(await window("one"), people.editor, SECRET);
  const two = await sign_in(await window("two", { javaScriptEnabled: false }), people.second, SECRET);
  const three = await sign_in(await window("three"), admin, password);
  for (const page of [one, two]) await page.goto(`${class_root}homework`);
  await one.fill("#note-3-text", "The version of one");
  await one.locator("form[action$='notes/3'] button").click();
  await one.waitForLoadState();
  two.wanted.add(409);
  await two.fill("#note-3-text", "The version of two");
  await two.locator("form[action$='notes/3'] button").click();
  await two.waitForLoadState();
  equal(await two.inputValue(field("text")), "The version of two", "mine is there");
  equal(await two.locator(".theirs blockquote").textContent(), "The version of one", "theirs is there");
  check((await two.locator(".conflict").textContent()).includes(people.editor), "who it was is said");
  await looks(two);
  await two.shot("conflict-note");
  await two.fill(field("text"), "The version of two, and of one");
  await two.locator(submit).click();
  equal(await said(two), "Saved.", "both together");
  await one.goto(`${class_root}homework`);
  equal(await one.inputValue("#note-3-text"), "The version of two, and of one", "nothing is lost");

  // In the grid, field by field.
  for (const page of [one, three]) await page.goto(`${class_root}timetable/week`);
  await one.selectOption(field("s20"), "1");
  await one.locator(submit).click();
  await one.waitForLoadState();
  three.wanted.add(409);
  await three.selectOption(field("s20"), "3");
  await three.selectOption(field("s21"), "4");
  await three.locator(submit).click();
  await three.waitForLoadState();
  equal(await three.evaluate(() => document.activeElement.className), "notice conflict", "it is heard first");
  await looks(three);
  await three.shot("conflict-week");
  await reach(three, "[data-take='s20']");
  await three.keyboard.press("Enter");
  equal(await three.inputValue(field("s20")), "1", "theirs is taken");
  equal(await three.inputValue(field("s21")), "4", "mine stays");
  await three.locator(submit).click();
  equal(await said(three), "Saved.", "the two together");
};

const page = await keyboard();
let stops = 0;
await every_page(page, "wide", async () => { stops += await tour(page); });
await better(page);
await outside(page);
for (const locale of ["ru", "fr", "en"]) {
  const phone = await sign_in(await window(locale, { locale, viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }), admin, password);
  await every_page(phone, `phone-${locale}`, async (page) => {
    equal(await page.getAttribute("html", "lang"), locale, "the language");
    await looks(page);
  });
}
const dark = await sign_in(await window("dark", { colorScheme: "dark" }), admin, password);
await every_page(dark, "dark", looks);
await plain();
await conflict();
await end();
console.log(`the editor holds: ${pages.length} pages, ${stops} stops of the keyboard, three languages, without JavaScript, two at once`);
