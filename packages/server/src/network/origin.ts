/**
 * Where a call comes from. Today every call comes from the internet, by the address of its socket;
 * places inside simulated networks join this union when networks do.
 */
export interface Internet {
  readonly kind: "internet";
  readonly sourceIp: string;
}

export type Origin = Internet;

/**
 * The origin of a call that arrived from `remoteAddress`. An IPv4 address mapped into IPv6 is given as IPv4; and this
 * machine is one place, at whichever of its own addresses a client looks for `localhost` first.
 */
export function locate(remoteAddress: string | undefined): Origin {
  return {
    kind: "internet",
    sourceIp: (remoteAddress ?? "127.0.0.1").replace(/^::ffff:(?=\d+\.)|^::1$/, (own) =>
      own === "::1" ? "127.0.0.1" : "",
    ),
  };
}
