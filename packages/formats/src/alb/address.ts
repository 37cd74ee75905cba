/**
 * The address of `192.0.2.1:443`, `[2001:db8::1]:443` or `2001:db8::1:443`: the port is behind the last colon. Some lines
 * hold an address of version 6 without brackets, so that a bare one cannot be told from one with a port.
 */
export function withoutPort(text: string): string {
  const at = text.lastIndexOf(':');
  const address = at > 0 ? text.slice(0, at) : text;
  return address.startsWith('[') && address.endsWith(']') ? address.slice(1, -1) : address;
}

/** Whether an address is one of a private network (RFC 1918, RFC 4193), or shared among customers (RFC 6598). */
export function isPrivate(address: string | undefined): boolean {
  return (
    address !== undefined &&
    /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:)/i.test(
      address,
    )
  );
}
