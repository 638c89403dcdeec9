/**
 * The columns of event data stores, and events as their rows.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-supported-event-schemas.html
 */
import { hash } from "node:crypto";
import { readInstant } from "./time.ts";
import { parseType, type Type } from "./type.ts";
import { Struct, type Value } from "./value.ts";

const SESSION =
  "struct<attributes:struct<creationdate:timestamp,mfaauthenticated:string>," +
  "sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,username:string>," +
  "webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>," +
  "sourceidentity:string,ec2roledelivery:string,ec2issuedinvpc:string>";

const IDENTITY =
  "struct<type:string,principalid:string,arn:string,accountid:string,accesskeyid:string,username:string," +
  `sessioncontext:${SESSION},onbehalfof:struct<userid:string,identitystorearn:string>,` +
  "inscopeof:struct<sourcearn:string,sourceaccount:string,issuertype:string,credentialsissuedto:string>," +
  "invokedby:string,identityprovider:string>";

const TYPES: readonly (readonly [name: string, type: string])[] = [
  ["eventversion", "string"],
  ["useridentity", IDENTITY],
  ["eventtime", "timestamp"],
  ["eventsource", "string"],
  ["eventname", "string"],
  ["awsregion", "string"],
  ["sourceipaddress", "string"],
  ["useragent", "string"],
  ["errorcode", "string"],
  ["errormessage", "string"],
  ["requestparameters", "map<string,string>"],
  ["responseelements", "map<string,string>"],
  ["additionaleventdata", "map<string,string>"],
  ["requestid", "string"],
  ["eventid", "string"],
  ["readonly", "boolean"],
  ["resources", "array<struct<accountid:string,type:string,arn:string,arnprefix:string>>"],
  ["eventtype", "string"],
  ["apiversion", "string"],
  ["managementevent", "boolean"],
  ["recipientaccountid", "string"],
  ["sharedeventid", "string"],
  ["annotation", "string"],
  ["vpcendpointid", "string"],
  ["vpcendpointaccountid", "string"],
  ["serviceeventdetails", "map<string,string>"],
  ["addendum", "map<string,string>"],
  ["edgedevicedetails", "map<string,string>"],
  ["insightdetails", "map<string,string>"],
  ["eventcategory", "string"],
  ["tlsdetails", "struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>"],
  ["sessioncredentialfromconsole", "string"],
  ["eventjson", "string"],
  ["eventjsonchecksum", "string"],
];

export interface EventColumn {
  readonly name: string;
  readonly type: Type;
  /** Of an event and its text. */
  readonly of: (event: ReadonlyMap<string, unknown>, text: string) => Value;
}

export const EVENT_COLUMNS: readonly EventColumn[] = TYPES.map(([name, text]) => {
  const type = parseType(text);
  if (name === "eventjson") return { name, type, of: (_, event) => event };
  if (name === "eventjsonchecksum") return { name, type, of: (_, event) => hash("sha256", event, "hex") };
  return { name, type, of: (event) => valueOf(event.get(name), type) };
});

/** The members of an event by their lowercase names. */
export function readEvent(text: string): ReadonlyMap<string, unknown> {
  const parsed: unknown = JSON.parse(text);
  return membersOf(parsed);
}

const membersOf = (value: unknown): ReadonlyMap<string, unknown> =>
  new Map(
    typeof value === "object" && value !== null
      ? Object.entries(value).map(([name, member]: [string, unknown]) => [name.toLowerCase(), member])
      : [],
  );

function valueOf(value: unknown, type: Type): Value {
  if (value === undefined || value === null) return null;
  if (type.kind === "row") return structOf(membersOf(value), type.fields);
  if (type.kind !== "array") return plainOf(value, type.kind);
  return Array.isArray(value) ? value.map((one: unknown) => valueOf(one, type.of)) : null;
}

function plainOf(value: unknown, kind: Exclude<Type["kind"], "row" | "array">): Value {
  switch (kind) {
    case "map":
      return mapOf(value);
    case "timestamp":
      return readInstant(textOf(value), "timestamp") ?? null;
    case "boolean":
      return value === true || value === "true";
    case "plain":
    case "unknown":
      return textOf(value);
  }
}

function structOf(members: ReadonlyMap<string, unknown>, fields: ReadonlyMap<string, Type>): Struct {
  return new Struct(new Map([...fields].map(([name, type]) => [name, valueOf(members.get(name), type)])));
}

/** What is no text is told as JSON. */
const mapOf = (value: unknown): Value =>
  typeof value === "object" && value !== null
    ? new Map(Object.entries(value).map(([name, member]: [string, unknown]) => [name, memberOf(member)]))
    : null;

const memberOf = (value: unknown): Value => (value === null ? null : textOf(value));

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
