/**
 * Health routes under the names that scripts and containers poll already, so that they wait for this server as they
 * did for another one. What they say is true: a service is available where it is built.
 * Source: https://docs.localstack.cloud/aws/capabilities/config/internal-endpoints/
 */
import { findOwn } from "../../kernel/lookup.ts";
import { serviceIndex } from "../../model/models.ts";
import { parseHost } from "../../protocol/address.ts";
import type { WireResponse } from "../../protocol/protocol.ts";
import type { Arrival } from "../arrival.ts";

export interface ProbeFacts {
  readonly version: string;
  /** The models' ids of the services that are built. */
  readonly services: readonly string[];
}

const HEALTH = "/_localstack/health";
const READY = "/_localstack/init/ready";

const PROBES: Readonly<Record<string, (facts: ProbeFacts) => object>> = {
  [HEALTH]: ({ version, services }) => {
    const known = new Set(serviceIndex().map(({ id }) => id));
    const names = services.filter((id) => known.has(id)).map((id) => findOwn(NAMES, id) ?? id);
    return { services: Object.fromEntries(names.map((name) => [name, "available"])), edition: "kumobako", version };
  },
  // a server that answers is ready, and runs nobody's scripts
  [READY]: () => ({ completed: true, scripts: [] }),
};

/** What the AWS CLI calls the services whose model is called something else. */
const NAMES: Readonly<Record<string, string>> = {
  "api-gateway": "apigateway",
  "application-auto-scaling": "application-autoscaling",
  "auto-scaling": "autoscaling",
  "cloudwatch-logs": "logs",
  "cognito-identity-provider": "cognito-idp",
  "config-service": "config",
  "database-migration-service": "dms",
  "dynamodb-streams": "dynamodbstreams",
  "elastic-load-balancing": "elb",
  "elastic-load-balancing-v2": "elbv2",
  "resource-groups-tagging-api": "resourcegroupstaggingapi",
  "route-53": "route53",
  "s3-control": "s3control",
  "secrets-manager": "secretsmanager",
  eventbridge: "events",
  sfn: "stepfunctions",
};

/** No bucket's name has an underscore; under a bucket's own name the path is a key. */
export const isHealthProbe = ({ method, path, headers }: Pick<Arrival, "method" | "path" | "headers">): boolean =>
  (path === HEALTH || path === READY) &&
  (method === "GET" || method === "HEAD") &&
  parseHost(headers["host"] ?? "") === undefined;

/** Answers whoever asks, from wherever: what it says anybody can find out by calling. */
export const answerProbe = async ({ path }: Pick<Arrival, "path">, facts: ProbeFacts): Promise<WireResponse> => ({
  status: 200,
  headers: { "content-type": "application/json", "cache-control": "no-store" },
  body: JSON.stringify(findOwn(PROBES, path)?.(facts) ?? {}),
});
