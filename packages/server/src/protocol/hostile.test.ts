/** Whatever a client writes, it gets an answer: an `AwsError`, and no other, comes out of the decoders. */
import { describe, expect, test } from "vitest";
import { AwsError } from "../kernel/aws-error.ts";
import { operationOf, requestOf } from "../../test/wire-request.ts";
import type { OperationModel } from "../model/service-model.ts";
import { formatCbor } from "./cbor.ts";
import { protocolOf } from "./protocols.ts";
import type { WireRequest } from "./protocol.ts";
import { findOperation, findService } from "./route.ts";
import { validateInput } from "./validate.ts";

const ITEM = { TableName: "t", Item: { a: { M: { b: { L: [{ S: "x" }, { N: "1" }, { B: "AQ==" }] } } } } };

const SEEDS: readonly (readonly [name: string, operation: OperationModel, body: Uint8Array])[] = [
  ["aws-json-1.0", operationOf("dynamodb", "PutItem"), Buffer.from(JSON.stringify(ITEM))],
  ["rpc-v2-cbor", operationOf("dynamodb", "PutItem"), Buffer.from(formatCbor(ITEM))],
  [
    "aws-query",
    operationOf("iam", "CreateRole"),
    Buffer.from("Action=CreateRole&RoleName=a&Tags.member.1.Key=k&Tags.member.1.Value=%C3%A9+&MaxSessionDuration=3600"),
  ],
  [
    "ec2-query",
    operationOf("ec2", "RunInstances"),
    Buffer.from(
      "ImageId=ami-1&MinCount=1&MaxCount=2&TagSpecification.1.Tag.1.Key=a&BlockDeviceMapping.1.Ebs.Encrypted=true",
    ),
  ],
  [
    "rest-json",
    operationOf("lambda", "CreateFunction"),
    Buffer.from('{"FunctionName":"f","Role":"r","Code":{"ZipFile":"AQ=="},"Environment":{"Variables":{"a":"b"}}}'),
  ],
  [
    "rest-xml",
    operationOf("s3", "PutBucketLifecycleConfiguration"),
    Buffer.from(
      '<LifecycleConfiguration xmlns="x"><Rule><ID>a&amp;</ID><Expiration><Days>3</Days><Date>2024-05-06T07:08:09Z</Date>' +
        "</Expiration><Filter><Tag><Key>k</Key></Tag></Filter><!-- c --><![CDATA[x]]></Rule></LifecycleConfiguration>",
    ),
  ],
];

const ROUNDS = 3000;

/** The same numbers each time. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state;
  }
}

/** `bytes` with a few of them changed, left out, repeated or cut off. */
function mutate(bytes: Uint8Array, random: Generator<number, never>): Uint8Array {
  const next = (below: number): number => random.next().value % below;
  const changed = [...bytes];
  for (let times = 1 + next(4); times > 0; times--) {
    const at = next(changed.length);
    const kind = next(4);
    if (kind === 0) changed[at] = next(256);
    else if (kind === 1) changed.splice(at, 1 + next(8));
    else if (kind === 2) changed.splice(at, 0, ...changed.slice(at, at + 1 + next(20)));
    else changed.length = Math.max(1, at);
  }
  return Uint8Array.from(changed);
}

/** What the decoders throw, if it is not the caller's to see. */
function surpriseOf(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error instanceof AwsError ? undefined : error;
  }
  return undefined;
}

describe("a body that has been tampered with", () => {
  test.each(SEEDS)("in %s", (name, operation, body) => {
    const protocol = [...operation.service.protocols, "rpc-v2-cbor" as const].find((one) => one === name);
    const decoder = protocolOf(operation.service, protocol ?? "rest-xml");
    const random = numbers(7);
    for (let round = 0; round < ROUNDS; round++) {
      const request = requestOf({ body: mutate(body, random) });
      const surprise = surpriseOf(() => {
        validateInput(operation, decoder.decodeInput(operation, request, {}), decoder);
      });
      expect(surprise, Buffer.from(request.body).toString("latin1")).toBeUndefined();
    }
  });
});

test("a head that has been tampered with", () => {
  const random = numbers(11);
  const text = (seed: string): string => Buffer.from(mutate(Buffer.from(seed), random)).toString("latin1");
  for (let round = 0; round < ROUNDS; round++) {
    const request: WireRequest = requestOf({
      method: round % 2 === 0 ? "GET" : "PUT",
      path: `/${text("bucket/ke%20y/../x")}`,
      query: text("partNumber=1&uploadId=%41&list-type=2&Action=X&Version=2010-05-08"),
      headers: {
        host: text("bucket.s3.us-east-1.amazonaws.com:4566"),
        "x-amz-meta-a": text("value"),
        range: text("bytes=0-1"),
        "if-modified-since": text("Mon, 06 May 2024 07:08:09 GMT"),
        ...(round % 3 === 0 && { "x-amz-target": text("DynamoDB_20120810.PutItem") }),
      },
    });
    const surprise = surpriseOf(() => {
      const service = findService(request, round % 5 === 0 ? "s3" : undefined);
      const found = service === undefined ? undefined : findOperation(service, request);
      if (found?.kind === "found") found.service.protocol.decodeInput(found.operation, request, found.labels);
    });
    expect(surprise, JSON.stringify(request)).toBeUndefined();
  }
});
