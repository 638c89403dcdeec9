/** Imported before anything that an older Node stumbles over. */
import { isOldNode, NEEDED } from "./required-node.js";

if (isOldNode) throw new Error(NEEDED);
