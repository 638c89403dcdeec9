/** The oldest Node that runs Kumobako. */
const NODE_MAJOR_MIN = 24;

export const isOldNode = Number(process.versions.node.split(".")[0]) < NODE_MAJOR_MIN;

export const NEEDED = `kumobako needs Node ${NODE_MAJOR_MIN} or newer; this is ${process.versions.node}`;
