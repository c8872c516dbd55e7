/* SPDX-License-Identifier: ISC */
/* The vectors of RFC 4231 for HMAC-SHA-256, and of RFC 5869, appendix A. */
#include "mchat/crypto/hmac.h"

#include <string.h>

#include "hex.h"
#include "tap.h"
#include "mchat/crypto/hkdf.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define X10(hex) hex hex hex hex hex hex hex hex hex hex

static const struct hmac_case {
	const char *key;
	const char *data;
	const char *code;
	const char *name;
} rfc4231[] = {
	{X10("0b") X10("0b"), "4869205468657265",
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e937"
		"6c2e32cff7",
		"RFC 4231, 4.2"},
	{"4a656665",
		"7768617420646f2079612077616e7420666f72206e6f7468696e67"
		"3f",
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58"
		"b964ec3843",
		"RFC 4231, 4.3"},
	{X10("aa") X10("aa"), X10("dd") X10("dd") X10("dd") X10("dd") X10("dd"),
		"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d96355"
		"14ced565fe",
		"RFC 4231, 4.4"},
	{"0102030405060708090a0b0c0d0e0f10111213141516171819",
		X10("cd") X10("cd") X10("cd") X10("cd") X10("cd"),
		"82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3f"
		"f46729665b",
		"RFC 4231, 4.5"},
	{X10("0c") X10("0c"), "546573742057697468205472756e636174696f6e",
		"a3b6167473100ee06e0c796c2955552b", "RFC 4231, 4.6"},
	{X10(X10("aa")) X10("aa") X10("aa") X10("aa") "aa",
		"54657374205573696e67204c6172676572205468616e20426c6f63"
		"6b2d53697a65204b6579202d2048617368204b657920466972737"
		"4",
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c514054604"
		"0f"
		"0ee37f54",
		"RFC 4231, 4.7"},
	{X10(X10("aa")) X10("aa") X10("aa") X10("aa") "aa",
		"5468697320697320612074657374207573696e672061206c617267"
		"6572207468616e20626c6f636b2d73697a65206b657920616e6420"
		"61206c6172676572207468616e20626c6f636b2d73697a65206461"
		"74612e20546865206b6579206e6565647320746f20626520686173"
		"686564206265666f7265206265696e672075736564206279207468"
		"6520484d414320616c676f726974686d2e",
		"9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51"
		"53"
		"5c3a35e2",
		"RFC 4231, 4.8"},
};

static void test_rfc4231(void)
{
	for (size_t i = 0; i < COUNT(rfc4231); i++) {
		uint8_t key[160];
		uint8_t data[160];
		uint8_t expected[32];
		uint8_t got[32];
		size_t key_size = hex_read(rfc4231[i].key, key, sizeof(key));
		size_t size = hex_read(rfc4231[i].data, data, sizeof(data));
		size_t shown = hex_read(rfc4231[i].code, expected, 32);
		struct hmac hmac;

		hmac_init(&hmac, key, key_size);
		hmac_update(&hmac, data, size / 2);
		hmac_update(&hmac, data + size / 2, size - size / 2);
		hmac_final(&hmac, got);
		tap_is_bytes(got, shown, expected, shown, rfc4231[i].name);
	}
}

static void test_rfc5869(void)
{
	static const struct {
		const char *key;
		const char *salt;
		const char *info;
		const char *prk;
		const char *okm;
		const char *name;
	} cases[] = {
		{X10("0b") X10("0b") "0b0b", "000102030405060708090a0b0c",
			"f0f1f2f3f4f5f6f7f8f9",
			"077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec84"
			"4ad7c2b3e5",
			"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d"
			"56ecc4c5bf34007208d5b887185865",
			"RFC 5869, A.1"},
		{"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d"
		 "1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b"
		 "3c3d3e3f404142434445464748494a4b4c4d4e4f",
			"606162636465666768696a6b6c6d6e6f707172737475767778797a"
			"7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495"
			"969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
			"b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9ca"
			"cbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5"
			"e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
			"06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f"
			"40c15fc244",
			"b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc"
			"4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f"
			"09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d"
			"87",
			"RFC 5869, A.2"},
		{X10("0b") X10("0b") "0b0b", "", "",
			"19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c"
			"1c293ccb04",
			"8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e"
			"5f3c738d2d9d201395faa4b61a96c8",
			"RFC 5869, A.3"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t key[80];
		uint8_t salt[80];
		uint8_t info[80];
		uint8_t expected[82];
		uint8_t prk[32];
		uint8_t okm[82];
		size_t key_size = hex_read(cases[i].key, key, sizeof(key));
		size_t salt_size = hex_read(cases[i].salt, salt, sizeof(salt));
		size_t info_size = hex_read(cases[i].info, info, sizeof(info));
		size_t size;

		hkdf_extract(salt, salt_size, key, key_size, prk);
		hex_read(cases[i].prk, expected, sizeof(expected));
		tap_is_bytes(prk, 32, expected, 32, cases[i].name);
		size = hex_read(cases[i].okm, expected, sizeof(expected));
		hkdf_expand(prk, info, info_size, okm, size);
		tap_is_bytes(okm, size, expected, size, cases[i].name);
	}
}

int main(void)
{
	test_rfc4231();
	test_rfc5869();
	return tap_done();
}
