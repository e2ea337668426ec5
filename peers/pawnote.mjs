// What the judges written in JavaScript share: pawnote as it was published, the accounts of the demonstration school, and
// how they report.

import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { createRequire } from "node:module";
import { deflateRawSync, inflateRawSync } from "node:zlib";

// Where peers/install put it.
const require = createRequire(`${process.env.PAWNOTE_FOLDER}/`);
const library = require("pawnote");
const { defaultFetcher } = require("@literate.ink/utilities");
const { decode } = require("html-entities");

// A judge that hangs is a judge that failed.
setTimeout(() => wrong("the end was not reached in five minutes"), 300_000).unref();
// Left to itself, Node would print the whole library, which is one line.
process.on("uncaughtException", (error) => wrong(error.stack));

export const PASSWORD = "pronotevs";
export const STUDENT = "demonstration";
export const PARENT = "demonstration";
export const TEACHER = "demonstration";
export const SECURED = "code";
export const SECURED_PIN = "1234";
export const NEW_TO_SECURITY = "premier";
export const LOCKED = "bloque";

const called = new Set();

/** The library; remembers which of its functions were called. */
export const pronote = new Proxy(library, {
  get(functions, name) {
    called.add(name);
    return functions[name];
  }
});

/** The exported functions that nobody has called yet; its errors are not counted. */
export function untouched() {
  return Object.keys(library)
    .filter((name) => typeof library[name] === "function" && !(library[name].prototype instanceof Error))
    .filter((name) => !called.has(name));
}

/** Sends what is meant for the central directory to our school, and refuses to leave this machine. */
export function homeward(school) {
  return (request) => {
    if (request.url.hostname === "www.index-education.com") {
      request.url = new URL(request.url.pathname, school);
    }
    if (request.url.hostname !== "127.0.0.1") wrong(`a call to ${request.url.hostname}`);
    return defaultFetcher(request);
  };
}

export function right(what) {
  console.log(`right: ${what}`);
}

export function wrong(what) {
  console.log(`wrong: ${what}`);
  process.exit(1);
}

export function check(truth, what) {
  if (truth) right(what);
  else wrong(what);
}

/** Checks that an action fails with one of the library's errors. */
export async function fails(error, action, what) {
  try {
    await action();
  }
  catch (found) {
    if (found instanceof library[error]) return right(what);
    throw found;
  }
  wrong(what);
}

/** Fetches an address of the school and gives the bytes. */
export async function fetched(address, what) {
  const response = await fetch(address);
  check(response.ok, what);
  return Buffer.from(await response.arrayBuffer());
}

/** The words of a text, without its tags. */
export const plain = (html) => decode(html.replace(/<.*?>/g, ""));

/**
 * Calls a function pawnote has no name for, inside its session and under its key: the one that makes a QR code and the one
 * that logs out. This is the envelope written once more, in a third language.
 */
export async function call(session, name, tab, data) {
  const { information, instance } = session;
  const [year, minor, patch] = instance.version;
  const modern = year > 2025 || (year === 2025 && (minor > 1 || patch >= 3));
  const middle = modern || (year === 2024 && minor === 3 && patch >= 9);
  const keys = modern ? ["no", "id", "dataSec"] : ["numeroOrdre", "nom", "donneesSec"];

  const order = seal(information, Buffer.from(String(++information.order))).toString("hex");
  let body = {
    [middle ? "Signature" : "_Signature_"]: { onglet: tab },
    [middle ? "data" : "donnees"]: data
  };
  if (!information.skipCompression) body = deflateRawSync(Buffer.from(JSON.stringify(body)).toString("hex"));
  else if (!information.skipEncryption) body = Buffer.from(JSON.stringify(body));
  if (!information.skipEncryption) body = seal(information, body);

  const response = await fetch(`${information.url}/appelfonction/${information.accountKind}/${information.id}/${order}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      session: information.id,
      [keys[0]]: order,
      [keys[1]]: name,
      [keys[2]]: Buffer.isBuffer(body) ? body.toString("hex") : body
    })
  });
  information.order++;
  let answer = (await response.json())[keys[2]];
  if (typeof answer === "string") {
    answer = Buffer.from(answer, "hex");
    if (!information.skipEncryption) answer = open(information, answer);
    if (!information.skipCompression) answer = inflateRawSync(answer);
    answer = JSON.parse(answer);
  }
  return answer[middle ? "data" : "donnees"];
}

const md5 = (text) => createHash("md5").update(Buffer.from(text, "latin1")).digest();
const seal = (information, bytes) => through(createCipheriv("aes-128-cbc", md5(information.aesKey), md5(information.aesIV)), bytes);
const open = (information, bytes) => through(createDecipheriv("aes-128-cbc", md5(information.aesKey), md5(information.aesIV)), bytes);
const through = (cipher, bytes) => Buffer.concat([cipher.update(bytes), cipher.final()]);
