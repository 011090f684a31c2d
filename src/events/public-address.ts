import { BlockList, isIPv4, isIPv6 } from "node:net";

/** What is not the public internet (IANA special-purpose registries, RFC 6890 and its successors). */
const reserved = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16], // also the metadata services of clouds
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const)
  reserved.addSubnet(network, bits, "ipv4");

/** IPv6 is public inside 2000::/3 only, and there without these. */
const global6 = new BlockList();
global6.addSubnet("2000::", 3, "ipv6");
const reserved6 = new BlockList();
for (const [network, bits] of [
  ["2001::", 23], // Teredo, ORCHID, benchmarks
  ["2001:db8::", 32],
  ["2002::", 16], // 6to4 leads to an IPv4 address
  ["3fff::", 20],
] as const)
  reserved6.addSubnet(network, bits, "ipv6");

/** Addresses that hold an IPv4 address in their last 32 bits and lead there: mapped, and those of NAT64. */
const carriers = [
  ["::ffff:0:0", 96],
  ["64:ff9b::", 96],
] as const;

/** Whether an address in text form is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !reserved.check(address, "ipv4");
  if (!isIPv6(address)) return false;
  const carried = carriedAddress(address);
  if (carried !== undefined) return isPublicAddress(carried);
  return global6.check(address, "ipv6") && !reserved6.check(address, "ipv6");
}

function carriedAddress(address: string): string | undefined {
  const inside = carriers.some(([network, bits]) => {
    const list = new BlockList();
    list.addSubnet(network, bits, "ipv6");
    return list.check(address, "ipv6");
  });
  if (!inside) return undefined;
  // URL writes every form of an IPv6 address as groups of hexadecimal digits
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(":");
  const [high, low] = groups.slice(-2).map((group) => Number.parseInt(group || "0", 16));
  const value = ((high ?? 0) << 16) | (low ?? 0);
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}
