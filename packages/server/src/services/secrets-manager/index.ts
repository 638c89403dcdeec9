import { defineService } from "../../service/service.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import type { SecretsManagerSdk } from "./kit.ts";

export const secretsManager = defineService<SecretsManagerSdk>("secrets-manager", {
  operations: [],
  unmodelledErrors: UNMODELLED_ERRORS,
});
