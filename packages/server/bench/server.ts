/** A cloud for the benchmark to call, in a process of its own. */
import { startServer, type ServerOptions } from "../src/main.ts";

export type ServerOrder = Pick<ServerOptions, "dataDirectory">;

process.on("message", (order: ServerOrder) => {
  void startServer({ ...order, port: 0 }).then(({ port }) => process.send?.({ port }));
});

process.on("disconnect", () => process.exit());
