/** Every protocol by name. */
import type { ProtocolName, ServiceModel } from "../model/service-model.ts";
import { awsJson10, awsJson11 } from "./aws-json.ts";
import { PLAIN_QUERY, queryIn, type QueryDialect } from "./aws-query.ts";
import { ec2Query } from "./ec2-query.ts";
import type { Protocol } from "./protocol.ts";
import { queryInJson } from "./query-json.ts";
import { restJson } from "./rest-json.ts";
import { PLAIN_DIALECT, restXml, type RestXmlDialect } from "./rest-xml.ts";
import { rpcV2Cbor } from "./rpc-v2-cbor.ts";
import { S3_CONTROL_DIALECT, S3_DIALECT } from "./s3-dialect.ts";
import { SQS_DIALECT } from "./sqs-dialect.ts";

const REST_DIALECTS: Readonly<Record<string, RestXmlDialect>> = { s3: S3_DIALECT, "s3-control": S3_CONTROL_DIALECT };

const plainRestXml = restXml(PLAIN_DIALECT);
const ownRestXml = new Map(Object.entries(REST_DIALECTS).map(([id, dialect]) => [id, restXml(dialect)]));

/** Query in each of the forms that its answers may be asked for. */
const inForms = (dialect: QueryDialect) => ({ xml: queryIn(dialect), json: queryInJson(dialect) });

const QUERY_DIALECTS: Readonly<Record<string, QueryDialect>> = { sqs: SQS_DIALECT };

const plainQuery = inForms(PLAIN_QUERY);
const ownQuery = new Map(Object.entries(QUERY_DIALECTS).map(([id, dialect]) => [id, inForms(dialect)]));

const PROTOCOLS: Readonly<Record<Exclude<ProtocolName, "rest-xml" | "aws-query">, Protocol>> = {
  "aws-json-1.0": awsJson10,
  "aws-json-1.1": awsJson11,
  "ec2-query": ec2Query,
  "rest-json": restJson,
  "rpc-v2-cbor": rpcV2Cbor,
};

/** The protocol `name` as the service speaks it; `form` is what answers are asked for in, where there is a choice. */
export function protocolOf(
  model: Pick<ServiceModel, "id">,
  name: ProtocolName,
  form: "xml" | "json" = "xml",
): Protocol {
  if (name === "rest-xml") return ownRestXml.get(model.id) ?? plainRestXml;
  if (name === "aws-query") return (ownQuery.get(model.id) ?? plainQuery)[form];
  return PROTOCOLS[name];
}
