/* SPDX-License-Identifier: ISC */
/*
 * The vectors of RFC 8439 (2.3.2 to 2.8.2, A.1 to A.5), of
 * draft-irtf-cfrg-xchacha-03 (2.2.1, A.3.1) and of mchat's sealed packets, with
 * each number of lanes and both sizes of limbs.
 */
#include "mchat/crypto/aead.h"

#include <string.h>

#include "hex.h"
#include "random.h"
#include "tap.h"
#include "mchat/crypto/bytes.h"
#include "mchat/crypto/chacha.h"
#include "mchat/crypto/poly1305.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SIZE_LAST    1500

#define ZEROS16 "00000000000000000000000000000000"
#define ONES16  "ffffffffffffffffffffffffffffffff"
#define COUNTED                                                                \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define FROM80                                                                 \
	"808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
#define CARROLL                                                                \
	"1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0"
#define KEY_ONE ZEROS16 "00000000000000000000000000000001"

#define SUNSCREEN                                                              \
	"Ladies and Gentlemen of the class of '99: If I could offer you only " \
	"one tip for the future, sunscreen would be it."
#define SUBMISSION                                                             \
	"Any submission to the IETF intended by the Contributor for "          \
	"publication as all or part of an IETF Internet-Draft or RFC and any " \
	"statement made within the context of an IETF activity is considered " \
	"an \"IETF Contribution\". Such statements include oral statements "   \
	"in IETF sessions, as well as written and electronic communications "  \
	"made at any time or place, which are addressed to"
#define JABBERWOCKY                                                            \
	"'Twas brillig, and the slithy toves\nDid gyre and gimble in the "     \
	"wabe:\nAll mimsy were the borogoves,\nAnd the mome raths outgrabe."
#define DRAFTS                                                                 \
	"Internet-Drafts are draft documents valid for a maximum of six "      \
	"months and may be updated, replaced, or obsoleted by other "          \
	"documents at any time. It is inappropriate to use Internet-Drafts "   \
	"as reference material or to cite them other than as /“work in "     \
	"progress./”"

/* Text of as many zeros as there is output, where it is NULL. */
static const struct stream_case {
	const char *name;
	const char *key;
	const char *nonce;
	uint32_t counter;
	const char *text;
	const char *out;
} stream_cases[] = {
	{"RFC 8439, 2.3.2", COUNTED, "000000090000004a00000000", 1, NULL,
		"10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c"
		"4ed2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a250"
		"3c4e"},
	{"RFC 8439, 2.4.2", COUNTED, "000000000000004a00000000", 1, SUNSCREEN,
		"6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae"
		"0bf91b65c5524733ab8f593dabcd62b3571639d624e65152ab8f530c359f08"
		"61d807ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab7"
		"7937365af90bbf74a35be6b40b8eedf2785e42874d"},
	{"RFC 8439, A.1 #1, A.4 #1", ZEROS16 ZEROS16,
		"000000000000000000000000", 0, NULL,
		"76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770d"
		"c7da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee"
		"6586"},
	{"RFC 8439, A.1 #2", ZEROS16 ZEROS16, "000000000000000000000000", 1,
		NULL,
		"9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7a"
		"ed29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b79"
		"4d6f"},
	{"RFC 8439, A.1 #3", KEY_ONE, "000000000000000000000000", 1, NULL,
		"3aeb5224ecf849929b9d828db1ced4dd832025e8018b8160b82284f3c949aa"
		"5a8eca00bbb4a73bdad192b5c42f73f2fd4e273644c8b36125a64addeb006c"
		"13a0"},
	{"RFC 8439, A.1 #4", "00ff" ZEROS16 "0000000000000000000000000000",
		"000000000000000000000000", 2, NULL,
		"72d54dfbf12ec44b362692df94137f328fea8da73990265ec1bbbea1ae9af0"
		"ca13b25aa26cb4a648cb9b9d1be65b2c0924a66c54d545ec1b7374f4872e99"
		"f096"},
	{"RFC 8439, A.1 #5", ZEROS16 ZEROS16, "000000000000000000000002", 0,
		NULL,
		"c2c64d378cd536374ae204b9ef933fcd1a8b2288b3dfa49672ab765b54ee27"
		"c78a970e0e955c14f3a88e741b97c286f75f8fc299e8148362fa198a39531b"
		"ed6d"},
	{"RFC 8439, A.2 #2", KEY_ONE, "000000000000000000000002", 1, SUBMISSION,
		"a3fbf07df3fa2fde4f376ca23e82737041605d9f4f4f57bd8cff2c1d4b7955"
		"ec2a97948bd3722915c8f3d337f7d370050e9e96d647b7c39f56e031ca5eb6"
		"250d4042e02785ececfa4b4bb5e8ead0440e20b6e8db09d881a7c6132f420e"
		"52795042bdfa7773d8a9051447b3291ce1411c680465552aa6c405b7764d5e"
		"87bea85ad00f8449ed8f72d0d662ab052691ca66424bc86d2df80ea41f43ab"
		"f937d3259dc4b2d0dfb48a6c9139ddd7f76966e928e635553ba76c5c879d7b"
		"35d49eb2e62b0871cdac638939e25e8a1e0ef9d5280fa8ca328b351c3c7659"
		"89cbcf3daa8b6ccc3aaf9f3979c92b3720fc88dc95ed84a1be059c6499b9fd"
		"a236e7e818b04b0bc39c1e876b193bfe5569753f88128cc08aaa9b63d1a16f"
		"80ef2554d7189c411f5869ca52c5b83fa36ff216b9c1d30062bebcfd2dc5bc"
		"e0911934fda79a86f6e698ced759c3ff9b6477338f3da4f9cd8514ea9982cc"
		"afb341b2384dd902f3d1ab7ac61dd29c6f21ba5b862f3730e37cfdc4fd806c"
		"22f221"},
	{"RFC 8439, A.2 #3", CARROLL, "000000000000000000000002", 42,
		JABBERWOCKY,
		"62e6347f95ed87a45ffae7426f27a1df5fb69110044c0d73118effa95b01e5"
		"cf166d3df2d721caf9b21e5fb14c616871fd84c54f9d65b283196c7fe4f605"
		"53ebf39c6402c42234e32a356b3e764312a61a5532055716ead6962568f87d"
		"3f3f7704c6a8d1bcd1bf4d50d6154b6da731b187b58dfd728afa36757a797a"
		"c188d1"},
	{"RFC 8439, A.4 #2", KEY_ONE, "000000000000000000000002", 0, NULL,
		"ecfa254f845f647473d3cb140da9e87606cb33066c447b87bc2666dde3fbb7"
		"39"},
	{"RFC 8439, A.4 #3", CARROLL, "000000000000000000000002", 0, NULL,
		"965e3bc6f9ec7ed9560808f4d229f94b137ff275ca9b3fcbdd59deaad23310"
		"ae"},
};

static void test_stream(const struct stream_case *c)
{
	uint8_t key[32];
	uint8_t nonce[12];
	uint8_t expected[512];
	uint8_t got[512] = {0};
	size_t size = hex_read(c->out, expected, sizeof(expected));
	struct chacha_stream stream;

	hex_read(c->key, key, sizeof(key));
	hex_read(c->nonce, nonce, sizeof(nonce));
	if (c->text != NULL)
		memcpy(got, c->text, size);
	chacha_stream_init(&stream, key, nonce + 4);
	stream.state[12] = c->counter;
	stream.state[13] = bytes_load_le32(nonce);
	stream.used = stream.filled;
	chacha_stream_xor(&stream, got, got, size);
	tap_is_bytes(got, size, expected, size, c->name);
}

static const struct mac_case {
	const char *name;
	const char *key;
	const char *text; /* as it is, else as hexadecimal digits */
	const char *hex;
	const char *tag;
} mac_cases[] = {
	{"RFC 8439, 2.5.2",
		"85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f5"
		"1b",
		"Cryptographic Forum Research Group", NULL,
		"a8061dc1305136c6c22b8baf0c0127a9"},
	{"RFC 8439, A.3 #1", ZEROS16 ZEROS16, NULL,
		ZEROS16 ZEROS16 ZEROS16 ZEROS16, ZEROS16},
	{"RFC 8439, A.3 #2", ZEROS16 "36e5f6b5c5e06070f0efca96227a863e",
		SUBMISSION, NULL, "36e5f6b5c5e06070f0efca96227a863e"},
	{"RFC 8439, A.3 #3", "36e5f6b5c5e06070f0efca96227a863e" ZEROS16,
		SUBMISSION, NULL, "f3477e7cd95417af89a6b8794c310cf0"},
	{"RFC 8439, A.3 #4", CARROLL, JABBERWOCKY, NULL,
		"4541669a7eaaee61e708dc7cbcc5eb62"},
	{"RFC 8439, A.3 #5", "02000000000000000000000000000000" ZEROS16, NULL,
		ONES16, "03000000000000000000000000000000"},
	{"RFC 8439, A.3 #6", "02000000000000000000000000000000" ONES16, NULL,
		"02000000000000000000000000000000",
		"03000000000000000000000000000000"},
	{"RFC 8439, A.3 #7", "01000000000000000000000000000000" ZEROS16, NULL,
		ONES16 "f0ffffffffffffffffffffffffffffff"
		       "11000000000000000000000000000000",
		"05000000000000000000000000000000"},
	{"RFC 8439, A.3 #8", "01000000000000000000000000000000" ZEROS16, NULL,
		ONES16 "fbfefefefefefefefefefefefefefefe"
		       "01010101010101010101010101010101",
		ZEROS16},
	{"RFC 8439, A.3 #9", "02000000000000000000000000000000" ZEROS16, NULL,
		"fdffffffffffffffffffffffffffffff",
		"faffffffffffffffffffffffffffffff"},
	{"RFC 8439, A.3 #10", "01000000000000000400000000000000" ZEROS16, NULL,
		"e33594d7505e43b900000000000000003394d7505e4379cd01000000000000"
		"00" ZEROS16 "01000000000000000000000000000000",
		"14000000000000005500000000000000"},
	{"RFC 8439, A.3 #11", "01000000000000000400000000000000" ZEROS16, NULL,
		"e33594d7505e43b900000000000000003394d7505e4379cd01000000000000"
		"00" ZEROS16,
		"13000000000000000000000000000000"},
};

static void test_mac(const struct mac_case *c)
{
	uint8_t key[32];
	uint8_t expected[16];
	uint8_t got[16];
	uint8_t data[512];
	size_t size;
	size_t whole;
	struct poly1305 poly;

	hex_read(c->key, key, sizeof(key));
	hex_read(c->tag, expected, sizeof(expected));
	if (c->text != NULL) {
		size = strlen(c->text);
		memcpy(data, c->text, size);
	} else {
		size = hex_read(c->hex, data, sizeof(data));
	}
	whole = size - size % POLY1305_BLOCK_SIZE;
	poly1305_init(&poly, key);
	poly1305_update(&poly, data, whole);
	poly1305_final(&poly, data + whole, size - whole, got);
	tap_is_bytes(got, sizeof(got), expected, sizeof(expected), c->name);
}

/* With additional data, which aead has not: of its parts. */
static const struct aead_case {
	const char *name;
	const char *key; /* after HChaCha20 of `head`, where there is one */
	const char *head;
	const char *nonce;
	const char *additional;
	const char *text;
	const char *sealed;
} aead_cases[] = {
	{"RFC 8439, 2.8.2", FROM80, NULL, "070000004041424344454647",
		"50515253c0c1c2c3c4c5c6c7", SUNSCREEN,
		"d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62"
		"d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd"
		"3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b48"
		"31d7bc3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e90"
		"2ecbd0600691"},
	{"draft-irtf-cfrg-xchacha-03, A.3.1", FROM80,
		"404142434445464748494a4b4c4d4e4f", "000000005051525354555657",
		"50515253c0c1c2c3c4c5c6c7", SUNSCREEN,
		"bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396c"
		"bb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213"
		"b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565"
		"d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947de"
		"afd8780acf49"},
	{"RFC 8439, A.5", CARROLL, NULL, "000000000102030405060708",
		"f33388860000000000004e91", DRAFTS,
		"64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8c"
		"b24c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f3558"
		"94cf332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff"
		"37c8559797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b"
		"53c867e4b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1"
		"b0a06c523eaf4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b42"
		"2273f548271a0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073"
		"a6727627097a1049e617d91d361094fa68f0ff77987130305beaba2eda04df"
		"997b714d6c6f2c29a6ad5cb4022b02709beead9d67890cbb22392336fea185"
		"1f38"},
};

static void test_parts(const struct aead_case *c)
{
	uint8_t key[32];
	uint8_t nonce[12];
	uint8_t mac_key[64] = {0};
	uint8_t data[512] = {0}; /* additional, text, sizes */
	uint8_t expected[512];
	size_t size = hex_read(c->sealed, expected, sizeof(expected)) - 16;
	size_t end = 16 + (size + 15) / 16 * 16;
	struct chacha_stream stream;
	struct poly1305 poly;

	hex_read(c->key, key, sizeof(key));
	if (c->head != NULL) {
		uint8_t head[16];

		hex_read(c->head, head, sizeof(head));
		aead_subkey(key, head, key);
	}
	hex_read(c->nonce, nonce, sizeof(nonce));
	chacha_stream_init(&stream, key, nonce + 4);
	stream.state[12] = 0;
	stream.state[13] = bytes_load_le32(nonce);
	stream.used = stream.filled;
	chacha_stream_xor(&stream, mac_key, mac_key, sizeof(mac_key));
	bytes_store_le64(data + end, hex_read(c->additional, data, 16));
	bytes_store_le64(data + end + 8, size);
	memcpy(data + 16, c->text, size);
	chacha_stream_xor(&stream, data + 16, data + 16, size);
	poly1305_init(&poly, mac_key);
	poly1305_update(&poly, data, end + 16);
	memmove(data, data + 16, size);
	poly1305_final(&poly, NULL, 0, data + size);
	tap_is_bytes(data, size + 16, expected, size + 16, c->name);
}

static void test_subkey(void)
{
	uint8_t key[32];
	uint8_t head[16];
	uint8_t expected[32];

	hex_read(COUNTED, key, sizeof(key));
	hex_read("000000090000004a0000000031415927", head, sizeof(head));
	hex_read("82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3"
		 "ecdc",
		expected, sizeof(expected));
	aead_subkey(key, head, key);
	tap_is_bytes(key, 32, expected, 32,
		"draft-irtf-cfrg-xchacha-03, 2.2.1; in place");
}

/* A packet that names a session: its header is the nonce. */
static void test_sealed_packet(void)
{
	uint8_t key[32];
	uint8_t header[24];
	uint8_t subkey[32];
	uint8_t expected[48];
	uint8_t got[48] = {0};
	uint8_t opened[32];

	hex_read("04934ea86fab2ea4f83ef49979e3e09199006b1222163d808d8cd4871a51"
		 "f2bf",
		key, sizeof(key));
	hex_read("f922d53e692800005e55000000000001a1b2c30000000002", header,
		sizeof(header));
	hex_read("c9bbd03eb150b0cfe86892be6c720a93f9a9c2dda5d42200eda94db0c6f0"
		 "6395",
		expected, sizeof(expected));
	aead_subkey(key, header, subkey);
	tap_is_bytes(subkey, 32, expected, 32, "the subkey of a sealed packet");
	hex_read("015e5500000000000201", got, 32);
	hex_read("01e375563a7836474283673d27e7032a245666353f3a80bd3cd5363ded53"
		 "af7d8be1dbbebed1a55fe3a30b8b561fcc1b",
		expected, sizeof(expected));
	aead_seal(subkey, header + 16, got, 32);
	tap_is_bytes(got, 48, expected, 48, "the names packet, sealed");
	tap_ok(aead_open(subkey, header + 16, got, 32, opened) &&
			memcmp(opened, "\x01\x5e\x55\0\0\0\0\0\x02\x01\0",
				11) == 0,
		"and opened again");
}

static void fill(uint8_t *out, size_t size)
{
	for (size_t i = 0; i < size; i++)
		out[i] = (uint8_t)random_next();
}

/* Every single bit of what is sealed, of the nonce's tail and of the subkey. */
static void test_flipped_bits(void)
{
	static const size_t sizes[] = {0, 1, 16, 33, 96, 576};
	size_t wrong = 0;
	size_t tried = 0;

	for (size_t i = 0; i < COUNT(sizes); i++) {
		/* subkey, tail, sealed */
		uint8_t all[32 + 8 + 576 + 16];
		uint8_t untouched[576];
		uint8_t out[576];
		size_t bits = 8 * (32 + 8 + sizes[i] + 16);

		fill(all, sizeof(all));
		fill(untouched, sizeof(untouched));
		aead_seal(all, all + 32, all + 40, sizes[i]);
		for (size_t bit = 0; bit < bits; bit++) {
			all[bit / 8] ^= (uint8_t)(1U << bit % 8);
			memcpy(out, untouched, sizeof(out));
			wrong += aead_open(all, all + 32, all + 40, sizes[i],
					 out) ||
				 memcmp(out, untouched, sizeof(out)) != 0;
			all[bit / 8] ^= (uint8_t)(1U << bit % 8);
			tried++;
		}
		wrong += !aead_open(all, all + 32, all + 40, sizes[i], out);
	}
	tap_ok(tried > 6000, "bits are tried");
	tap_is_int((intmax_t)wrong, 0,
		"any flipped bit is refused, and nothing written");
}

/* Each size, in place and apart, as one lane and limbs of 26 bits seal it. */
static void test_sizes(unsigned lanes, bool is_narrow)
{
	uint8_t subkey[32];
	uint8_t tail[8];
	size_t wrong = 0;

	for (size_t size = 0; size <= SIZE_LAST; size++) {
		uint8_t text[SIZE_LAST];
		uint8_t expected[SIZE_LAST + 17];
		uint8_t sealed[SIZE_LAST + 17];
		uint8_t out[SIZE_LAST + 1];

		fill(subkey, sizeof(subkey));
		fill(tail, sizeof(tail));
		fill(text, size);
		memcpy(expected, text, size);
		memcpy(sealed, text, size);
		expected[size + 16] = sealed[size + 16] = out[size] = 0x5a;
		chacha_lanes_max = 1;
		poly1305_is_narrow = true;
		aead_seal(subkey, tail, expected, size);
		chacha_lanes_max = lanes;
		poly1305_is_narrow = is_narrow;
		aead_seal(subkey, tail, sealed, size);
		wrong += memcmp(sealed, expected, size + 17) != 0;
		wrong += !aead_open(subkey, tail, sealed, size, out);
		wrong += memcmp(out, text, size) != 0 || out[size] != 0x5a;
		wrong += memcmp(sealed, expected, size + 17) != 0;
		wrong += !aead_open(subkey, tail, sealed, size, sealed);
		wrong += memcmp(sealed, text, size) != 0;
		wrong += memcmp(sealed + size, expected + size, 17) != 0;
	}
	if (!tap_is_int((intmax_t)wrong, 0, "each size up to 1500 bytes"))
		tap_note("SEED=%ju", (uintmax_t)random_seed());
}

static void test_all(unsigned lanes, bool is_narrow)
{
	tap_note("%u lanes at most, limbs of %d bits", lanes,
		is_narrow ? 26 : 44);
	chacha_lanes_max = lanes;
	poly1305_is_narrow = is_narrow;
	for (size_t i = 0; i < COUNT(stream_cases); i++)
		test_stream(&stream_cases[i]);
	for (size_t i = 0; i < COUNT(mac_cases); i++)
		test_mac(&mac_cases[i]);
	for (size_t i = 0; i < COUNT(aead_cases); i++)
		test_parts(&aead_cases[i]);
	test_subkey();
	test_sealed_packet();
	test_flipped_bits();
	test_sizes(lanes, is_narrow);
}

int main(void)
{
	static const unsigned lanes[] = {1, 4, 8};
	bool has_wide = !poly1305_is_narrow;

	random_restart();
	for (size_t i = 0; i < COUNT(lanes); i++) {
		test_all(lanes[i], true);
		if (has_wide)
			test_all(lanes[i], false);
	}
	return tap_done();
}
