import { defineService } from "../../service/service.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import type { IamSdk } from "./kit.ts";

export const iam = defineService<IamSdk>("iam", {
  operations: [],
  unmodelledErrors: UNMODELLED_ERRORS,
});
