import type { Exchange } from "../exchange.ts";

export async function handle(exchange: Exchange): Promise<void> {
  const { context, input, received, target } = exchange;
  exchange.output = await target.operation.handle(input, context, received);
}
