// schemas/asyncapi.yaml, read by AsyncAPI's own parser.
"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");

const {Parser} = require("@asyncapi/parser");

const kSchemas = path.resolve(__dirname, "..", "..", "schemas");
const kFile = path.join(kSchemas, "asyncapi.yaml");

test("the contract is valid and complete", async () => {
  const {document, diagnostics} = await new Parser().parse(fs.readFileSync(kFile, "utf8"), {source: kFile});
  const wrong = diagnostics.filter((one) => one.severity === 0);
  assert.deepEqual(wrong.map((one) => `${one.path.join(".")}: ${one.message}`), []);
  assert.equal(document.version(), "3.0.0");
  assert.equal(document.operations().length, document.channels().length, "each channel has one operation");
  for (const channel of document.channels().all()) {
    assert.match(channel.address(), /^coldwatch\/\{site\}\//);
    assert.equal(channel.messages().length, 1, channel.id());
    assert.ok(channel.messages().all()[0].payload(), channel.id());
  }
});

test("every schema of a message has its topic", () => {
  const text = fs.readFileSync(kFile, "utf8");
  const noMessages = ["agent-config", "bridge-config", "rules", "notification"];
  for (const file of fs.readdirSync(kSchemas).filter((name) => name.endsWith(".schema.json"))) {
    if (noMessages.includes(file.replace(".schema.json", ""))) continue;
    assert.ok(text.includes(`$ref: ./${file}`), `${file} is named in asyncapi.yaml`);
  }
});
