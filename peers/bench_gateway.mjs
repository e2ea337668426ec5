// The least GraphQL server that Node can be: the same types, the same data from memory, nothing else.
//
//   node bench_gateway.mjs SCHEMA.graphql DATA.json     prints the port it listens on
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const from = createRequire(pathToFileURL(`${process.env.PEERS_FOLDER ?? "."}/`));
const { graphql } = from("graphql");
const { makeExecutableSchema } = from("@graphql-tools/schema");

const [schemaFile, dataFile] = process.argv.slice(2);
const rootValue = JSON.parse(readFileSync(dataFile, "utf8"));
const schema = makeExecutableSchema({ typeDefs: readFileSync(schemaFile, "utf8") });
const tokens = new Set(["bench"]);

const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", async () => {
        if (request.method !== "POST" || request.url !== "/graphql" || !tokens.has(request.headers.token)) {
            response.writeHead(404).end();
            return;
        }
        const { query, variables } = JSON.parse(Buffer.concat(chunks).toString());
        const result = await graphql({ schema, source: query, rootValue, variableValues: variables });
        const body = JSON.stringify(result);
        response.writeHead(200, {
            "Content-Type": "application/json; charset=utf-8",
            "Content-Length": Buffer.byteLength(body),
        });
        response.end(body);
    });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
