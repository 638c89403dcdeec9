/** The library that subscribers check signatures with, as it is published: it takes our messages, and no others. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { get, globalAgent } from "node:https";
import { env } from "node:process";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import MessageValidator from "sns-validator";

const endpoint = env["KUMOBAKO_ENDPOINT"] ?? "";
const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const sns = new SNSClient({ endpoint, credentials, region: "us-east-1" });
/** Which hosts certificates may come from: AWS's where left out. */
const validator = new MessageValidator(/^127\.0\.0\.1:\d+$/);

/** The authority is made with the first connection; from here on it is trusted, as `openssl` and browsers would be told. */
async function trustTheCloud() {
  const url = endpoint.replace("http:", "https:");
  await new Promise((resolve, reject) => {
    get(url, { rejectUnauthorized: false }, (answer) => answer.resume().on("end", resolve)).on("error", reject);
  });
  globalAgent.options.ca = readFileSync(env["KUMOBAKO_AUTHORITY"] ?? "", "utf8");
}

async function listen() {
  const messages = [];
  let came = Promise.withResolvers();
  const take = async (request, response) => {
    messages.push(JSON.parse(await text(request)));
    response.end();
    came.resolve();
    came = Promise.withResolvers();
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const next = async () => {
    while (messages.length === 0) await came.promise;
    return messages.shift();
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, next, close: () => server.close() };
}

const validate = (message) =>
  new Promise((resolve, reject) => {
    validator.validate(message, (error, valid) => (error ? reject(error) : resolve(valid)));
  });

test.before(trustTheCloud);

for (const version of ["1", "2"]) {
  await test(`messages with signatures of version ${version} are good, and changed ones are not`, async () => {
    const listener = await listen();
    const topic = await sns.send(
      new CreateTopicCommand({ Name: `signed-${version}`, Attributes: { SignatureVersion: version } }),
    );
    const { TopicArn } = topic;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: listener.url }));
    const asked = await listener.next();
    assert.equal((await validate(asked)).Type, "SubscriptionConfirmation");
    await fetch(asked.SubscribeURL);
    await sns.send(new PublishCommand({ TopicArn, Message: "värde <&>", Subject: "greeting" }));
    const told = await listener.next();
    assert.equal((await validate(told)).Message, "värde <&>");
    await assert.rejects(validate({ ...told, Message: "changed" }), /invalid/);
    listener.close();
  });
}
