/** Every protocol by name. */
import type { ProtocolName, ServiceModel } from "../model/service-model.ts";
import { awsJson10, awsJson11 } from "./aws-json.ts";
import { awsQuery } from "./aws-query.ts";
import { ec2Query } from "./ec2-query.ts";
import type { Protocol } from "./protocol.ts";
import { restJson } from "./rest-json.ts";
import { PLAIN_DIALECT, restXml, type RestXmlDialect } from "./rest-xml.ts";
import { rpcV2Cbor } from "./rpc-v2-cbor.ts";
import { S3_CONTROL_DIALECT, S3_DIALECT } from "./s3-dialect.ts";

const DIALECTS: Readonly<Record<string, RestXmlDialect>> = { s3: S3_DIALECT, "s3-control": S3_CONTROL_DIALECT };

const plainRestXml = restXml(PLAIN_DIALECT);
const ownRestXml = new Map(Object.entries(DIALECTS).map(([id, dialect]) => [id, restXml(dialect)]));

const PROTOCOLS: Readonly<Record<Exclude<ProtocolName, "rest-xml">, Protocol>> = {
  "aws-json-1.0": awsJson10,
  "aws-json-1.1": awsJson11,
  "aws-query": awsQuery,
  "ec2-query": ec2Query,
  "rest-json": restJson,
  "rpc-v2-cbor": rpcV2Cbor,
};

/** The protocol `name` as the service speaks it. */
export function protocolOf(model: Pick<ServiceModel, "id">, name: ProtocolName): Protocol {
  if (name === "rest-xml") return ownRestXml.get(model.id) ?? plainRestXml;
  return PROTOCOLS[name];
}
