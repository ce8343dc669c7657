//! Which addresses are public (IANA's special-purpose registries for IPv4 and IPv6).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// First address and length of ranges that are none of the public internet's.
const NOT_V4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

/// The same within what IPv6 hands out (2000::/3); all else is refused whole, and with it what stands
/// for an IPv4 address: mapped, NAT64.
const NOT_V6: &[([u16; 8], u32)] = &[
    // Teredo, ORCHID, benchmarks.
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
    // 6to4 leads to an IPv4 address.
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
];

/// True for an address of the public internet.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let inside = |(first, length): &([u8; 4], u32)| {
                let shift = 32 - length;
                ip.to_bits() >> shift == Ipv4Addr::from(*first).to_bits() >> shift
            };
            !NOT_V4.iter().any(inside)
        }
        IpAddr::V6(ip) => {
            let inside = |(first, length): &([u16; 8], u32)| {
                let shift = 128 - length;
                ip.to_bits() >> shift == Ipv6Addr::from(*first).to_bits() >> shift
            };
            let handed_out = ip.segments()[0] >> 13 == 1;
            handed_out && !NOT_V6.iter().any(inside)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn well_known_public_addresses_are_public() {
        for ip in ["1.1.1.1", "8.8.8.8", "93.184.215.14", "100.63.255.255", "100.128.0.0"] {
            assert!(is_public(ip.parse().expect("an address")), "{ip}");
        }
        for ip in ["172.15.255.255", "172.32.0.0", "2606:4700::1111", "2a00:1450::1"] {
            assert!(is_public(ip.parse().expect("an address")), "{ip}");
        }
    }

    proptest! {
        /// Held against what the standard library calls these ranges.
        #[test]
        fn no_private_ipv4_address_is_public(bits in any::<u32>()) {
            let ip = Ipv4Addr::from(bits);
            let special = ip.is_private() || ip.is_loopback() || ip.is_link_local()
                || ip.is_broadcast() || ip.is_documentation() || ip.is_unspecified()
                || ip.is_multicast();
            prop_assert!(!(special && is_public(IpAddr::V4(ip))), "{}", ip);
        }

        #[test]
        fn each_private_range_is_refused_whole(low in any::<u32>()) {
            for (first, length) in NOT_V4 {
                let mask = u32::MAX.checked_shr(*length).unwrap_or(0);
                let ip = Ipv4Addr::from(Ipv4Addr::from(*first).to_bits() | (low & mask));
                prop_assert!(!is_public(IpAddr::V4(ip)), "{}", ip);
            }
        }

        /// However an IPv4 address is dressed up as IPv6, it is refused.
        #[test]
        fn no_dressed_up_ipv4_address_is_public(bits in any::<u32>()) {
            let ip = Ipv4Addr::from(bits);
            let [a, b] = [(bits >> 16) as u16, (bits & 0xffff) as u16];
            for dressed in [
                ip.to_ipv6_mapped(),
                ip.to_ipv6_compatible(),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, a, b),
                Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, a, b),
                Ipv6Addr::new(0x2002, a, b, 0, 0, 0, 0, 1),
                Ipv6Addr::new(0x2001, 0, a, b, 0, 0, a, b),
            ] {
                prop_assert!(!is_public(IpAddr::V6(dressed)), "{}", dressed);
            }
        }

        #[test]
        fn no_local_ipv6_address_is_public(low in any::<u128>()) {
            for (first, length) in [
                (0xfe80_u128 << 112, 10), (0xfc00_u128 << 112, 7), (0xff00_u128 << 112, 8),
                (0xfec0_u128 << 112, 10), (0, 3), (0x100_u128 << 112, 64),
            ] {
                let ip = Ipv6Addr::from(first | (low & (u128::MAX >> length)));
                prop_assert!(!is_public(IpAddr::V6(ip)), "{}", ip);
            }
        }
    }
}
