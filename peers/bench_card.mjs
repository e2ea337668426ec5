// The least card connector that Express can be: bench_card.mjs FOLDER TOKEN
//
// Reads FOLDER/people.csv once, and the photo of whoever is asked for from FOLDER/photos; prints the port that it listens on.
// PEERS_FOLDER is where Express was installed.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

const express = createRequire(join(process.env.PEERS_FOLDER, "package.json"))("express");
const [folder, token] = process.argv.slice(2);

const [head, ...lines] = (await readFile(join(folder, "people.csv"), "utf8")).trim().split("\n");
const names = head.split(";");
const people = new Map();
for (const line of lines) {
  const cells = line.split(";");
  const person = Object.fromEntries(names.map((name, place) => [name, cells[place]]));
  people.set(person.login, person);
}

const app = express();
app.disable("etag");
app.disable("x-powered-by");
app.get("/card/:login", async (request, response) => {
  if (request.get("authorization") !== `Bearer ${token}`) {
    response.status(401).json({ error: "unauthorized" });
    return;
  }
  const person = people.get(request.params.login);
  if (!person) {
    response.status(404).json({ error: "user_not_found_in_csv", error_description: `Aucune personne ${request.params.login}` });
    return;
  }
  const student = person.profil === "student";
  const photo = await readFile(join(folder, "photos", `${person.login}.jpg`));
  response.set("Cache-Control", "no-store").json({
    lastname: person.nom,
    firstname: person.prenom,
    birthdate: person.naissance,
    gender: null,
    title: student ? "Carte d'étudiant" : "Carte professionnelle",
    subtitle: null,
    ine: student ? person.ine : null,
    csn: person.csn,
    photo: `data:image/jpeg;base64,${photo.toString("base64")}`,
    affiliation: person.profil,
    idNumber: person.numero,
    endDate: Number(person.annee) + 1,
    qrCode: { type: "text", value: person.login },
    errors: [],
  });
});
const listening = app.listen(0, "127.0.0.1", () => console.log(listening.address().port));
