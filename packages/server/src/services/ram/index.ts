import { defineService } from "../../service/service.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import type { RamSdk } from "./kit.ts";

export const ram = defineService<RamSdk>("ram", {
  operations: [],
  unmodelledErrors: UNMODELLED_ERRORS,
});
