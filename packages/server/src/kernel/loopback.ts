/** Whether `host`, without a port, names this very machine and no other. */
export const isLoopbackHost = (host: string): boolean =>
  host === "localhost" || host.endsWith(".localhost") || /^(?:\[::1\]|::1|127(?:\.\d{1,3}){3})$/.test(host);

/** Whether a socket's `address` is this machine's own. */
export const isLoopbackAddress = (address: string): boolean => address === "::1" || /^(?:::ffff:)?127\./.test(address);
