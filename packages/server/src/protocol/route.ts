import type { OperationModel, ServiceModel } from "../model/service-model.ts";
import type { Labels, Protocol } from "./protocol.ts";

/** The service a request means, known from its head alone, so that from here on errors can be encoded. */
export interface ServiceRoute {
  readonly model: ServiceModel;
  readonly protocol: Protocol;
  /** S3 only: from the path or the host, decoded. */
  readonly bucket: string | undefined;
  /** The raw path without the bucket: what the model's URIs are matched with. */
  readonly path: string;
}

export type OperationRoute =
  | {
      readonly kind: "found";
      /** As given, or the service whose `Version` an unsigned form names in its body. */
      readonly service: ServiceRoute;
      readonly operation: OperationModel;
      readonly labels: Labels;
    }
  | {
      readonly kind: "unknown";
      /** The operation's name, if the request has one. */ readonly name: string | undefined;
    };
