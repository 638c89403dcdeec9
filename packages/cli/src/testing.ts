/** `import { startCloud } from "kumobako/testing"`: a cloud in the test's own process. */
export { startCloud } from "@kumobako/server/testing";
