-- SPDX-License-Identifier: ISC
--
-- Wireshark's and tshark's dissector of the packets of mchat, which
-- mchat-protocol(7) describes: on UDP port 62428, and on any other where the
-- first two bytes are those of mchat.
--
--   wireshark -X lua_script:scripts/mchat.lua
--   tshark -X lua_script:scripts/mchat.lua -i br0 -O mchat udp port 62428
--
-- Or put it into the folder of personal Lua plugins that About shows.
--
-- Where a burst was captured before the kernel cut it into datagrams, each of
-- its packets is shown.
--
-- Of a sealed packet, of a private group, its header is shown: this program has
-- no key.

local PORT = 62428
local MAGIC = 0xf9
local VERSION, SEALED_VERSION = 1, 2
local DATA, FRAGMENT = 1, 3
local PROBE, PROBE_REPLY = 4, 5
local CODE, STATE = 9, 10
local LINE, ACTION, PART, NICK = 1, 2, 3, 4

-- The bounds that a decoder of mchat keeps, too.
local NICK_MAX, GAPS_MAX, REPORTS_MAX = 32, 128, 32
local CODE_SIZE_MIN, SUM_MIN, INDEX_MAX, BLOCK = 32, 8, 191, 64
local CODE_INDEX_OF_OTHERS = 128

-- What stands behind the reports of a STATE, and how many of LACKS are read.
local HELD, POLLED, LACKS, INTERVAL, SIZE = 1, 2, 3, 4, 5
local LACKS_MAX = 4
local HELD_MAX = 0xffff

local PACKET_MAX, FRAGMENT_BYTES = 8972, 480
local PROBE_SIZE, PROBE_REPLY_SIZE, PROBE_MEMBERS_MAX = 128, 64, 16
local SEQUENCE_MAX = UInt64(0xffffffff, 0x7fffffff)
-- What has room for seven bits more.
local SHIFTED_MAX = UInt64(0xffffffff, 0x01ffffff)
local AGE_MAX, RECEIVED_MAX = UInt64(0xffffffff, 0xff), UInt64(0xffffffff)
-- A gap is smaller, and begins less far behind next.
local GAP_FAR = UInt64(0, 1)

-- Of a sealed packet; its content stands before what proves it.
local SEALED_MIN, SEALED_MAX = 72, 8972
local PROOF_SIZE = 16

-- What says that it was quiet for so long or longer, in milliseconds.
local QUIET_MAX = 0xffffff

local mchat = Proto("mchat", "mchat group chat")

-- Between peers, by unicast: what the last eight of their 24 bytes are.
local peer_types = {
	[6] = {"PEER CHALLENGE", "Bytes to give back"},
	[7] = {"PEER ANSWER", "Bytes given back"},
	[8] = {"PEER PRUNE", "Member that comes another way"},
}

-- Those of a group, which alone come in bursts; and all of them.
local types = {[DATA] = "DATA", [STATE] = "STATE", [FRAGMENT] = "FRAGMENT",
	[CODE] = "CODE"}
local type_names = {}
for kind, name in pairs(types) do
	type_names[kind] = name
end
type_names[PROBE] = "PROBE"
type_names[PROBE_REPLY] = "PROBE REPLY"
for kind, names in pairs(peer_types) do
	type_names[kind] = names[1]
end
local sealed_kinds = {
	[1] = "PACKET",
	[2] = "NAMES",
	[3] = "NAMES REPLY",
	[4] = "CHALLENGE",
	[5] = "RESPONSE",
}
-- How a probe travels.
local probe_ways = {[0] = "to the group", "to all hosts", "by broadcast",
	"by unicast", "to the group, far"}
local item_types = {
	[HELD] = "held",
	[POLLED] = "polled",
	[LACKS] = "lacks",
	[INTERVAL] = "interval",
	[SIZE] = "size",
}
local record_types = {
	[LINE] = "line",
	[ACTION] = "action",
	[PART] = "piece of a long message",
	[NICK] = "nick",
}

local function flag(name, title, bit)
	return ProtoField.bool("mchat." .. name, title, 8, nil, bit)
end

local function u16(name, title, ...)
	return ProtoField.uint16("mchat." .. name, title, ...)
end

local function u8(name, title, ...)
	return ProtoField.uint8("mchat." .. name, title, ...)
end

local function u32(name, title, ...)
	return ProtoField.uint32("mchat." .. name, title, ...)
end

local function u64(name, title, ...)
	return ProtoField.uint64("mchat." .. name, title, ...)
end

local function u24(name, title, ...)
	return ProtoField.uint24("mchat." .. name, title, ...)
end

local function text(name, title)
	return ProtoField.string("mchat." .. name, title, base.UNICODE)
end

local f = {
	magic = u8("magic", "Magic", base.HEX),
	version = u8("version", "Version", base.DEC, nil, 0xf0),
	type = u8("type", "Type", base.DEC, type_names, 0x0f),
	flags = u8("flags", "Flags", base.HEX),
	repair = flag("flags.repair", "Repair", 0x01),
	hello = flag("flags.hello", "Hello: I have just joined", 0x01),
	bye = flag("flags.bye", "Bye: I am leaving", 0x02),
	answer = flag("flags.answer", "Let me hear from you", 0x04),
	reports = flag("flags.reports",
		"Reports: I hear you by multicast, and report to you", 0x01),
	full = flag("flags.full", "Full: I know as many members as I can", 0x08),
	wants_reply = flag("flags.wants_reply", "Reply to it", 0x01),
	wants_members = flag("flags.wants_members",
		"Say whom you hear there, too", 0x02),
	is_doctor = flag("flags.doctor", "Of another doctor", 0x01),
	reserved = u8("reserved", "Reserved", base.HEX),
	room = u32("room", "Room tag", base.HEX),
	member = u64("member", "Member", base.HEX),

	sequence = u64("sequence", "Sequence number"),
	message = u64("message", "First message that ends here"),
	time = ProtoField.int64("mchat.time", "Author's time, ms since 1970"),
	-- Of STATE now, of DATA when it left first.
	age = u64("age", "Age, ms since it started"),
	quiet = u24("quiet", "Quiet, ms since it sent something new"),
	record_type = u8("record.type", "Type", base.DEC, record_types),
	record_length = ProtoField.uint16("mchat.record.length", "Length"),
	record_unknown = ProtoField.bytes("mchat.record.unknown", "Unknown"),
	line = text("line", "Line"),
	action = text("action", "Action"),
	part_flags = u8("part.flags", "Flags", base.HEX),
	part_first = flag("part.first", "First", 0x01),
	part_last = flag("part.last", "Last", 0x02),
	part_action = flag("part.action", "Action", 0x04),
	part_text = text("part.text", "Piece"),

	counter = u64("counter", "Counter"),
	first = u64("first", "First kept"),
	last = u64("last", "Last sent"),
	messages = u64("messages", "Messages sent"),
	hop_limit = u8("hop_limit", "Hop limit"),
	report_count = u8("report_count", "Reports"),
	nick_size = u8("nick_size", "Size of the nick"),
	nick = text("nick", "Nick"),
	origin = u64("report.origin", "Origin", base.HEX),
	next = u64("report.next", "Next"),
	known = u64("report.known", "Known"),
	report_messages = u64("report.messages", "Messages up to known"),
	report_age = u64("report.age", "Age of the origin, ms"),
	report_quiet = u24("report.quiet", "Quiet, ms since known left first"),
	received = u32("report.received", "Packets received"),
	report_flags = u8("report.flags", "Flags", base.HEX),
	counted = flag("report.flags.counted",
		"Counted: the messages up to known are known", 0x01),
	has_owed = flag("report.flags.owed",
		"Owed: it is said what the origin is owed", 0x02),
	counts = flag("report.flags.counts",
		"Counts: the origin is to say what it owes", 0x04),
	has_lost = flag("report.flags.lost",
		"Lost: packets that are owed were given up", 0x08),
	has_small = flag("report.flags.small",
		"Small: what is large came in fragments only", 0x10),
	owed = u64("report.owed", "First message that the origin is owed"),
	gap_count = u8("report.gap_count", "Gaps"),
	gap_distance = u64("gap.distance",
		"Distance from the gap before, or next"),
	gap_length = u64("gap.length", "Length"),
	gap_first = u64("gap.first", "First missing"),
	gap_last = u64("gap.last", "Last missing"),
	fragment_offset = ProtoField.uint16("mchat.fragment.offset",
		"Offset in the packet"),
	fragment_size = ProtoField.uint16("mchat.fragment.packet_size",
		"Size of the packet"),
	fragment_bytes = ProtoField.bytes("mchat.fragment.bytes",
		"Part of the packet"),
	code_index = u8("code.index", "Index of the combination"),
	code_last = u64("code.last", "Last packet in it"),
	code_first = u64("code.first", "First packet in it"),
	code_sum = ProtoField.bytes("mchat.code.sum", "Sum"),
	item_type = u8("item.type", "Type", base.DEC, item_types),
	item_size = u8("item.size", "Size"),
	held = u16("held", "Known was held for, 16 us"),
	lacks_report = u8("lacks.report", "Of the report with this number"),
	lack_packets = u8("lack.packets", "Packets lacked"),
	lack_heard = u8("lack.heard", "Combinations heard of"),
	lack_first = u64("lack.first", "First packet of the block"),
	limiting = u64("limiting", "Limiting receiver", base.HEX),
	polled = u64("polled", "To report soon", base.HEX),
	interval = u16("interval", "Mean time between STATEs, 100 ms"),
	largest = u16("largest", "Largest packet that it takes"),
	probe_way = u8("probe.way", "Way", base.DEC, probe_ways),
	probe_hops = u8("probe.hop_limit", "Hop limit it left with"),
	probe_number = ProtoField.uint16("mchat.probe.number", "Number"),
	probe_interface = u32("probe.interface",
		"Interface, as the asker counts them"),
	probe_group = ProtoField.ipv6("mchat.probe.group", "Group"),
	probe_fill = ProtoField.bytes("mchat.probe.fill", "Fill"),
	reply_asker = u64("reply.asker", "Asker", base.HEX),
	reply_size = ProtoField.uint16("mchat.reply.size",
		"Size of the probe"),
	reply_hops = u8("reply.hop_limit", "Hop limit the probe came with"),
	reply_members = u8("reply.members", "Members listed"),
	reply_host = u32("reply.host", "Host, for this asker", base.HEX),
	reply_joined = u32("reply.joined", "Seconds since it joined"),
	listed_id = u64("listed.member", "Member", base.HEX),
	listed_address = ProtoField.ipv6("mchat.listed.address", "Address"),
	listed_age = u32("listed.age", "Heard last, ms ago"),
	extension = ProtoField.bytes("mchat.extension", "Of a later mchat"),
	sealed_kind = u8("sealed.kind", "Kind", base.DEC, sealed_kinds, 0x0f),
	sealed_tag = ProtoField.uint16("mchat.sealed.tag", "Tag of key and room",
		base.HEX),
	sealed_time = ProtoField.absolute_time("mchat.sealed.time",
		"Sealer's clock", base.UTC),
	sealed_session = u64("sealed.session", "Session", base.HEX),
	sealed_guard = u24("sealed.guard", "Guard", base.HEX),
	sealed_number = u64("sealed.number", "Number"),
	sealed_content = ProtoField.bytes("mchat.sealed.content",
		"Sealed content"),
	sealed_size = ProtoField.uint16("mchat.sealed.size",
		"Size of the sealed content"),
	sealed_proof = ProtoField.bytes("mchat.sealed.proof",
		"Authentication tag"),
}
mchat.fields = f

local malformed = ProtoExpert.new("mchat.malformed", "Malformed packet",
	expert.group.MALFORMED, expert.severity.ERROR)
local repaired = ProtoExpert.new("mchat.repaired", "Sent again",
	expert.group.SEQUENCE, expert.severity.NOTE)
local missing = ProtoExpert.new("mchat.missing", "Packets are missing",
	expert.group.SEQUENCE, expert.severity.NOTE)
local ignored = ProtoExpert.new("mchat.ignored", "Is passed over by mchat",
	expert.group.UNDECODED, expert.severity.NOTE)
local uncut = ProtoExpert.new("mchat.uncut",
	"A burst that the kernel has yet to cut into datagrams",
	expert.group.SEQUENCE, expert.severity.CHAT)
mchat.experts = {malformed, repaired, missing, ignored, uncut}

-- ---- a cursor ----

-- All is read through one; the first that does not fit ends the packet.
local Cursor = {}
Cursor.__index = Cursor

local function cursor_over(range, tree)
	return setmetatable({range = range, at = 0, tree = tree}, Cursor)
end

function Cursor:left()
	return self.range:len() - self.at
end

-- The next `size` bytes, nil for none; when there are fewer, says so and
-- raises an error that the dissector catches.
function Cursor:take(size, what)
	if size == 0 then
		return nil
	end
	if size > self:left() then
		self.tree:add_proto_expert_info(malformed,
			"Ends in the middle of: " .. what)
		error({is_end = true})
	end
	local range = self.range(self.at, size)
	self.at = self.at + size
	return range
end

-- Adds a field of `size` > 0 bytes; returns its bytes and its item.
function Cursor:add(field, size, what)
	local range = self:take(size, what)
	return range, self.tree:add(field, range)
end

-- A number that is as long as it needs to be: seven bits a byte, the top bit is
-- set in all but the last.  Returns it and its bytes; one that is none ends the
-- packet.
function Cursor:number(what)
	local value, start = UInt64(0), self.at
	repeat
		local byte = self:take(1, what):uint()
		if value > SHIFTED_MAX or byte == 0x80 and value == UInt64(0) and
			self.at == start + 1 then
			self.tree:add_proto_expert_info(malformed,
				"Longer than a number is: " .. what)
			error({is_end = true})
		end
		value = value * 128 + byte % 128
	until byte < 128
	return value, self.range(start, self.at - start)
end

-- Adds a field of 64 bits that is such a number; returns it and its item.
function Cursor:add_number(field, what)
	local value, range = self:number(what)
	return value, self.tree:add(field, range, value), range
end

-- Fields go into a tree of their own from here on; `title` says what it is
-- until it is known better.
function Cursor:open(parent, title)
	self.tree = parent
	self:take(1, title)
	self.at = self.at - 1
	self.tree = parent:add(mchat, self.range(self.at), title)
	self.start = self.at
	return self.tree
end

function Cursor:close(title)
	self.tree:set_len(self.at - self.start)
	self.tree:set_text(title)
end

local function begins_packet(range, at)
	return range:len() - at >= 2 and range(at, 1):uint() == MAGIC and
		range(at + 1, 1):bitfield(0, 4) == VERSION and
		types[range(at + 1, 1):bitfield(4, 4)] ~= nil
end

-- Whether another packet begins here, and so after each as many bytes: all of a
-- burst are of the size of the first, but the last may be smaller.  Neither is a
-- record, which would be longer than any packet, nor what a later mchat adds.
function Cursor:is_before_packet()
	for at = self.at, self.range:len() - 1, self.at do
		if not begins_packet(self.range, at) then
			return false
		end
	end
	return self:left() > 0
end

local function has(flags, bit)
	return math.floor(flags / bit) % 2 == 1
end

local function complain(item, what)
	item:add_proto_expert_info(malformed, what)
end

local function check(condition, item, what)
	if not condition then
		complain(item, what)
	end
end

-- Adds those flags that are given, and says which of them are set; `known` is a
-- list of field, bit and word.
local function add_flags(item, range, known, info)
	for _, one in ipairs(known) do
		item:add(one[1], range)
		if has(range:uint(), one[2]) then
			item:append_text(", " .. one[3])
			if info then
				table.insert(info, one[3])
			end
		end
	end
end

local ZERO = UInt64(0)

local function is_sequence(number)
	return number > ZERO and number <= SEQUENCE_MAX
end

-- Milliseconds as people read them.
local function duration_of(ms)
	if ms < 1000 then
		return string.format("%d ms", ms)
	elseif ms < 60 * 1000 then
		return string.format("%.3f s", ms / 1000)
	end
	local days = math.floor(ms / 86400000)
	local words = os.date("!%H:%M:%S", math.floor(ms / 1000) % 86400)
	return (days > 0 and days .. " d " or "") .. words
end

local function say_age(item, age)
	item:append_text(" (" .. duration_of(age) .. ")")
end

local function say_quiet(item, quiet)
	item:append_text(" (" .. duration_of(quiet) ..
		(quiet == QUIET_MAX and " or longer)" or ")"))
end

-- Adds how old an author was and for how long it had sent nothing new, as DATA
-- has it: 5 bytes and 3.
local function add_age(cursor, what)
	local range, item = cursor:add(f.age, 5, "age " .. what)
	say_age(item, range:uint64():tonumber())
	range, item = cursor:add(f.quiet, 3, "quiet " .. what)
	say_quiet(item, range:uint())
end

-- The same as two numbers, the second one more than it was quiet: 0 is so long or
-- longer.
local function add_age_numbers(cursor, age_field, quiet_field, what)
	local age, item = cursor:add_number(age_field, "age " .. what)
	check(age <= AGE_MAX, item, "An age is below 2^40")
	say_age(item, age:tonumber())
	local quiet, range = cursor:number("quiet " .. what)
	local ms = (quiet:tonumber() - 1) % (QUIET_MAX + 1)
	item = cursor.tree:add(quiet_field, range, ms)
	check(quiet <= UInt64(QUIET_MAX), item, "Quiet and 1 are below 2^24")
	say_quiet(item, ms)
end

-- ---- DATA ----

-- Adds the text of a range, which is nil when it is empty; then its length,
-- at `length`, is what to point at.
local function add_text(tree, field, range, length)
	if not range then
		tree:add(field, length, "")
		return ""
	end
	tree:add_packet_field(field, range, ENC_UTF_8)
	return range:string(ENC_UTF_8)
end

local function dissect_part(tree, range)
	local flags = tree:add(f.part_flags, range(0, 1))
	flags:add(f.part_first, range(0, 1))
	flags:add(f.part_last, range(0, 1))
	flags:add(f.part_action, range(0, 1))
	add_text(tree, f.part_text, range:len() > 1 and range(1) or nil,
		range(0, 1))
	return "piece of " .. range:len() - 1 .. " bytes"
end

-- Adds what is in a record, a nil range when nothing; returns a few words.
local function dissect_bytes(tree, kind, range, length)
	local fields = {[LINE] = f.line, [ACTION] = f.action, [NICK] = f.nick}

	if kind == PART then
		check(range, tree, "A piece has at least one byte")
		return range and dissect_part(tree, range) or "piece"
	elseif not fields[kind] then
		if range then
			tree:add(f.record_unknown, range)
		end
		return "unknown record " .. kind
	elseif kind == NICK and range then
		check(range:len() <= NICK_MAX, tree,
			"A nick has at most " .. NICK_MAX .. " bytes")
	end
	local value = add_text(tree, fields[kind], range, length)
	return record_types[kind] .. " \"" .. value .. "\""
end

local function dissect_record(cursor, tree)
	local item = cursor:open(tree, "Record")
	local kind = cursor:add(f.record_type, 1, "record type"):uint()
	local length = cursor:add(f.record_length, 2, "record length")
	local range = cursor:take(length:uint(),
		"a record of " .. length:uint() .. " bytes")
	local words = dissect_bytes(item, kind, range, length)
	cursor:close("Record: " .. words)
	local is_last = kind == 1 or kind == 2 or kind == 3 and
		length:uint() > 0 and has(range(0, 1):uint(), 2)
	return words, is_last and 1 or 0
end

-- The author's time as people read it; nil where a date would be silly.
local function date_of(ms)
	local seconds = ms:tonumber() / 1000
	if seconds < 0 or seconds > 253402300799 then
		return nil
	end
	return os.date("!%Y-%m-%d %H:%M:%S UTC", math.floor(seconds))
end

local function dissect_data(cursor, tree, info)
	local range, item = cursor:add(f.sequence, 8, "sequence number")
	local sequence = range:uint64()
	check(is_sequence(sequence), item, "A sequence number is 1 to 2^63 - 1")
	local message_item
	range, message_item = cursor:add(f.message, 8, "message number")
	local message = range:uint64()
	check(is_sequence(message), message_item,
		"A message number is 1 to 2^63 - 1")
	range, item = cursor:add(f.time, 8, "time")
	local date = date_of(range:int64())
	if date then
		item:append_text(" (" .. date .. ")")
	end
	add_age(cursor, "of the author")
	table.insert(info, tostring(sequence))
	local ends = UInt64(0)
	while cursor:left() > 0 and not cursor:is_before_packet() do
		local words, ended = dissect_record(cursor, tree)
		table.insert(info, words)
		ends = ends + ended
	end
	check(not is_sequence(message) or
		ends <= SEQUENCE_MAX - message + 1, message_item,
		"The last message that ends here has a number, too")
end

-- ---- STATE ----

-- Returns the number behind it.
local function dissect_gap(cursor, tree, report, behind, is_first)
	local item = cursor:open(tree, "Gap")
	local distance, distance_item, range = cursor:add_number(f.gap_distance,
		"distance of a gap")
	local length, _, length_range = cursor:add_number(f.gap_length,
		"length of a gap")
	local first = behind + distance
	local last = first + length - 1
	item:add(f.gap_first, range, first):set_generated()
	item:add(f.gap_last, length_range, last):set_generated()
	cursor:close("Gap: " .. tostring(first) ..
		(first == last and "" or " to " .. tostring(last)))
	check(length > ZERO and length < GAP_FAR, item,
		"A gap is of 1 to 2^32 - 1 packets")
	check(is_first or distance > ZERO, distance_item, "Gaps are apart")
	check(first >= behind, item, "Gaps are in order")
	check(first - report.next < GAP_FAR, item,
		"A gap begins less than 2^32 behind next")
	check(last <= report.known, item, "A gap ends at known at the latest")
	return last + 1
end

local report_flags = {{f.counted, 1, "counted"}, {f.has_owed, 2, "owed"},
	{f.counts, 4, "counts"}, {f.has_lost, 8, "lost"},
	{f.has_small, 16, "small"}}

-- What stands before the gaps; `seen` are the origins of the reports before.
local function dissect_report_head(cursor, seen)
	local report = {}
	local range, item = cursor:add(f.origin, 8, "origin of a report")
	report.origin = range:uint64():tohex()
	check(range:uint64() ~= ZERO, item, "A member's id is not 0")
	check(not seen[report.origin], item,
		"Each report is of another origin")
	seen[report.origin] = true
	local flags, flags_item = cursor:add(f.report_flags, 1,
		"flags of a report")
	report.flags = flags:uint()
	add_flags(flags_item, flags, report_flags)
	range, item = cursor:add(f.gap_count, 1, "gaps of a report")
	report.gaps = range:uint()
	check(report.gaps <= GAPS_MAX, item, "At most " .. GAPS_MAX .. " gaps")
	report.next, item = cursor:add_number(f.next, "next of a report")
	check(report.next > ZERO and report.next <= SEQUENCE_MAX + 1, item,
		"Next is 1 to 2^63")
	report.known, item = cursor:add_number(f.known, "known of a report")
	check(report.known <= SEQUENCE_MAX, item, "Known is 0 to 2^63 - 1")
	if has(report.flags, 1) then
		local messages
		messages, item = cursor:add_number(f.report_messages,
			"messages of a report")
		check(messages <= SEQUENCE_MAX, item,
			"Messages are 0 to 2^63 - 1")
	end
	add_age_numbers(cursor, f.report_age, f.report_quiet, "of a report")
	local received
	received, range = cursor:number("packets received of a report")
	item = cursor.tree:add(f.received, range, received:lower())
	check(received <= RECEIVED_MAX, item, "Counted modulo 2^32")
	return report
end

-- Adds what is owed, and returns it in words.
local function dissect_owed(cursor)
	local owed, item = cursor:add_number(f.owed, "what is owed")
	check(is_sequence(owed), item, "A message number is 1 to 2^63 - 1")
	return ", owed from message " .. tostring(owed)
end

local function dissect_report(cursor, tree, seen)
	local item = cursor:open(tree, "Report")
	local start = cursor.start
	local report = dissect_report_head(cursor, seen)
	local owed = has(report.flags, 2) and dissect_owed(cursor) or ""
	local behind = report.next
	for i = 1, report.gaps do
		behind = dissect_gap(cursor, item, report, behind, i == 1)
	end
	cursor.tree, cursor.start = item, start
	cursor:close("Report: of " .. report.origin .. " all before " ..
		tostring(report.next) ..
		(report.gaps > 0 and ", gaps: " .. report.gaps or "") .. owed ..
		(has(report.flags, 4) and ", waits for what is owed" or ""))
	if report.gaps > 0 then
		item:add_proto_expert_info(missing)
	end
	return report
end

-- ---- behind the reports of a STATE ----

local function dissect_held(cursor, item, reports)
	for i = 1, #reports do
		local range, field = cursor:add(f.held, 2, "how long it was held")
		local units = range:uint()
		field:append_text(units == HELD_MAX and " (longer, or not known)" or
			string.format(" (%.3f ms)", units * 16 / 1000))
		field:append_text(", of report " .. i - 1)
	end
end

-- Blocks are counted from that of `next` of the report on.
local function dissect_lacks(cursor, item, reports, size)
	local range, field = cursor:add(f.lacks_report, 1, "number of a report")
	local report = reports[range:uint() + 1]
	local lacked = 0
	if not report then
		field:add_proto_expert_info(ignored, "There is no such report")
	end
	local next = report and report.next or UInt64(1)
	local first = (next - 1) / BLOCK * BLOCK + 1
	for i = 0, (size - 3) / 2 do
		local packets = cursor:add(f.lack_packets, 1, "packets lacked")
		cursor:add(f.lack_heard, 1, "combinations heard of")
		item:add(f.lack_first, packets, first + i * BLOCK)
			:set_generated()
		lacked = lacked + packets:uint()
	end
	if lacked > 0 then
		item:add_proto_expert_info(missing)
	end
	return ": " .. lacked .. (report and " of " .. report.origin or "")
end

-- The first limits the sender, the others are to report to it.
local function dissect_polled(cursor, item, reports, size)
	local range, field = cursor:add(f.limiting, 8, "limiting receiver")
	if range:uint64() == ZERO then
		field:append_text(" (none)")
	end
	for _ = 2, size / 8 do
		cursor:add(f.polled, 8, "a member that is polled")
	end
end

local function dissect_interval(cursor)
	local range, field = cursor:add(f.interval, 2, "interval")
	field:append_text(" (" .. duration_of(range:uint() * 100) .. ")")
end

local function dissect_size(cursor)
	cursor:add(f.largest, 2, "size")
end

-- How each is dissected, and whether its size is one that it has.
local items = {
	[HELD] = {dissect_held,
		function(size, reports) return size == 2 * #reports end},
	[POLLED] = {dissect_polled,
		function(size) return size > 0 and size % 8 == 0 end},
	[LACKS] = {dissect_lacks,
		function(size, reports, lacks)
			return size % 2 == 1 and lacks < LACKS_MAX
		end},
	[INTERVAL] = {dissect_interval, function(size) return size == 2 end},
	[SIZE] = {dissect_size, function(size) return size == 2 end},
}

-- What is not whole, and what follows it, is of a later mchat.
local function dissect_items(cursor, tree, reports)
	local lacks = 0
	while cursor:left() > 0 and not cursor:is_before_packet() do
		local range = cursor.range
		if cursor:left() < 2 or
			range(cursor.at + 1, 1):uint() > cursor:left() - 2 then
			tree:add(f.extension, cursor:take(cursor:left(), ""))
			return
		end
		local item = cursor:open(tree, "Item")
		local kind = cursor:add(f.item_type, 1, "type"):uint()
		local size = cursor:add(f.item_size, 1, "size"):uint()
		local words = item_types[kind] or "of a later mchat"
		local known = items[kind]
		if known and known[2](size, reports, lacks) then
			lacks = lacks + (kind == LACKS and 1 or 0)
			words = words ..
				(known[1](cursor, item, reports, size) or "")
		else
			item:add_proto_expert_info(ignored)
			if size > 0 then
				cursor:add(f.extension, size, "item")
			end
		end
		cursor:close("Item: " .. words)
		cursor.tree = tree
	end
end

local function dissect_state(cursor, tree, info)
	cursor:add_number(f.counter, "counter")
	local first, first_item = cursor:add_number(f.first, "first kept")
	local last, last_item = cursor:add_number(f.last, "last sent")
	local messages, messages_item = cursor:add_number(f.messages, "messages")
	add_age_numbers(cursor, f.age, f.quiet, "of the sender")
	cursor:add(f.hop_limit, 1, "hop limit")
	local count, count_item = cursor:add(f.report_count, 1, "report count")
	local size, size_item = cursor:add(f.nick_size, 1, "size of the nick")
	count = count:uint()
	check(last <= SEQUENCE_MAX, last_item, "Last is 0 to 2^63 - 1")
	check(first > ZERO and first <= last + 1, first_item,
		"First is 1 to last + 1")
	check(messages <= SEQUENCE_MAX, messages_item,
		"Messages are 0 to 2^63 - 1")
	check(count <= REPORTS_MAX, count_item,
		"At most " .. REPORTS_MAX .. " reports")
	check(size:uint() <= NICK_MAX, size_item,
		"A nick has at most " .. NICK_MAX .. " bytes")
	local nick = add_text(tree, f.nick, cursor:take(size:uint(), "nick"),
		size)
	table.insert(info, nick == "" and "(no nick)" or nick)
	if first > last then
		table.insert(info, "holds nothing")
	else
		table.insert(info, "holds " .. tostring(first) .. " to " ..
			tostring(last))
	end
	table.insert(info, "reports: " .. count)
	local seen = {}
	local reports = {}
	for _ = 1, count do
		table.insert(reports, dissect_report(cursor, tree, seen))
	end
	dissect_items(cursor, tree, reports)
end

-- ---- FRAGMENT ----

-- Where it begins decides how many bytes it has.
local function dissect_fragment(cursor, tree, info)
	local range, item = cursor:add(f.sequence, 8, "sequence number")
	check(is_sequence(range:uint64()), item,
		"A sequence number is 1 to 2^63 - 1")
	local offset, offset_item = cursor:add(f.fragment_offset, 2,
		"offset of a fragment")
	local size, size_item = cursor:add(f.fragment_size, 2,
		"size of the packet")
	table.insert(info, tostring(range:uint64()))
	offset, size = offset:uint(), size:uint()
	check(size > FRAGMENT_BYTES and size <= PACKET_MAX, size_item,
		"The size of the packet is " .. FRAGMENT_BYTES + 1 .. " to " ..
			PACKET_MAX)
	check(offset % FRAGMENT_BYTES == 0, offset_item,
		"A fragment begins at a multiple of " .. FRAGMENT_BYTES)
	check(offset < size, offset_item, "A fragment begins within the packet")
	if offset >= size then
		return
	end
	local length = math.min(size - offset, FRAGMENT_BYTES)
	tree:add(f.fragment_bytes, cursor:take(length,
		"a fragment of " .. length .. " bytes"))
	if not cursor:is_before_packet() then
		check(cursor:left() == 0, size_item, "More than the fragment")
	end
	table.insert(info, "bytes " .. offset + 1 .. " to " ..
		offset + length .. " of " .. size)
end

-- ---- CODE ----

-- A CODE says nowhere how large it is.  In a burst it goes on to where a packet
-- of the same room can begin, and so after as many bytes again.
local function size_of_code(range)
	local bytes = range:raw()
	local function begins_all(size)
		for at = size, #bytes - 1, size do
			if not begins_packet(range, at) or #bytes - at < 16 or
				bytes:sub(at + 5, at + 8) ~= bytes:sub(5, 8) then
				return false
			end
		end
		return true
	end
	local at = CODE_SIZE_MIN
	while true do
		at = string.find(bytes, string.char(MAGIC), at + 1, true)
		if not at or begins_all(at - 1) then
			return at and at - 1 or #bytes
		end
	end
end

local function dissect_code(cursor, tree, index, info)
	local range, item = cursor:add(f.code_last, 8, "last packet")
	local last = range:uint64()
	check(is_sequence(last), item, "A sequence number is 1 to 2^63 - 1")
	local first = (last - 1) / BLOCK * BLOCK + 1
	if is_sequence(last) then
		tree:add(f.code_first, range, first):set_generated()
	end
	local size = size_of_code(cursor.range)
	local sum, sum_item = cursor:add(f.code_sum,
		math.max(size - cursor.at, SUM_MIN), "sum")
	check(size <= PACKET_MAX, sum_item,
		"A packet has at most " .. PACKET_MAX .. " bytes")
	table.insert(info, "combination " .. index + 1 ..
		(index < CODE_INDEX_OF_OTHERS and "" or " (not the author's)") ..
		" of " .. tostring(first) .. " to " .. tostring(last))
end

-- ---- PROBE and PROBE REPLY ----

local function dissect_probe(cursor, tree, info)
	local way = cursor:add(f.probe_way, 1, "way"):uint()
	cursor:add(f.probe_hops, 1, "hop limit")
	local number = cursor:add(f.probe_number, 2, "number"):uint()
	cursor:add(f.probe_interface, 4, "interface")
	cursor:add(f.probe_group, 16, "group")
	table.insert(info, "number " .. number)
	table.insert(info, probe_ways[way] or "way " .. way)
	check(cursor.range:len() >= PROBE_SIZE, tree,
		"A probe has at least " .. PROBE_SIZE .. " bytes")
	if cursor:left() > 0 then
		tree:add(f.probe_fill, cursor:take(cursor:left(), ""))
	end
end

local function dissect_listed(cursor, tree)
	local item = cursor:open(tree, "Member")
	local id = cursor:add(f.listed_id, 8, "a member that is listed")
	cursor:add(f.listed_address, 16, "its address")
	cursor:add(f.listed_age, 4, "when it was heard")
	cursor:close("Member: 0x" .. id:uint64():tohex())
	return item
end

local function dissect_reply(cursor, tree, info)
	cursor:add(f.reply_asker, 8, "asker")
	local number = cursor:add(f.probe_number, 2, "number"):uint()
	local size = cursor:add(f.reply_size, 2, "size"):uint()
	cursor:add(f.probe_interface, 4, "interface")
	cursor:add(f.reply_hops, 1, "hop limit")
	local range, item = cursor:add(f.reply_members, 1, "members")
	local count = range:uint()
	cursor:add(f.reserved, 1, "reserved")
	cursor:add(f.reserved, 1, "reserved")
	cursor:add(f.reply_host, 4, "host")
	cursor:add(f.reply_joined, 4, "since when it is there")
	tree:add(f.probe_fill, cursor:take(PROBE_REPLY_SIZE - 48, "fill"))
	table.insert(info, "to number " .. number .. " of " .. size .. " bytes")
	check(count <= PROBE_MEMBERS_MAX, item,
		"At most " .. PROBE_MEMBERS_MAX .. " members")
	for _ = 1, count do
		dissect_listed(cursor, tree)
	end
	if cursor:left() > 0 then
		tree:add(f.extension, cursor:take(cursor:left(), ""))
	end
end

-- ---- sealed ----

-- Where another packet of a burst begins, behind the first: its first four bytes
-- and its session are the same, and its number is the next.  Nil: nowhere.
local function next_sealed(range)
	local bytes = range:raw()
	local at = SEALED_MIN
	while true do
		at = string.find(bytes, bytes:sub(1, 4), at + 1, true)
		if not at or #bytes - at + 1 < SEALED_MIN then
			return nil
		elseif at - 1 <= SEALED_MAX and
			bytes:sub(at + 8, at + 15) == bytes:sub(9, 16) and
			range(at + 18, 5):uint64() ==
				range(19, 5):uint64() + 1 then
			return at - 1
		end
	end
end

local function begins_sealed(range)
	return range:len() >= SEALED_MIN and range(0, 1):uint() == MAGIC and
		range(1, 1):bitfield(0, 4) == SEALED_VERSION and
		sealed_kinds[range(1, 1):bitfield(4, 4)] ~= nil
end

local function dissect_sealed_header(cursor, tree, kind, info)
	cursor:add(f.sealed_tag, 2, "tag")
	cursor:add(f.sealed_time, 4, "time")
	local session, session_item = cursor:add(f.sealed_session, 8, "session")
	cursor:add(f.sealed_guard, 3, "guard")
	local number, number_item = cursor:add(f.sealed_number, 5, "number")
	check(session:uint64() ~= ZERO, session_item, "A session is not 0")
	check(number:uint64() ~= ZERO, number_item, "The first number is 1")
	table.insert(info, "sealed " .. (sealed_kinds[kind] or "kind " .. kind))
	table.insert(info, "session 0x" .. session:uint64():tohex())
	table.insert(info, "number " .. tostring(number:uint64()))
end

-- A packet that mchat ignores for its kind or size is called malformed.
local function dissect_sealed(cursor, tree, kind_item, info)
	local kind = cursor.range(1, 1):bitfield(4, 4)
	local size = cursor.range:len()
	check(sealed_kinds[kind], kind_item, "Unknown kind of sealed packet")
	dissect_sealed_header(cursor, tree, kind, info)
	check(size >= SEALED_MIN and size <= SEALED_MAX, tree,
		"A sealed packet has " .. SEALED_MIN .. " to " .. SEALED_MAX ..
			" bytes")
	local content = cursor:take(math.max(cursor:left() - PROOF_SIZE, 1),
		"sealed content")
	tree:add(f.sealed_content, content)
	tree:add(f.sealed_size, content, content:len()):set_generated()
	cursor:add(f.sealed_proof, PROOF_SIZE, "authentication tag")
	table.insert(info, content:len() .. " bytes")
end

-- ---- the packet ----

local flags_of = {
	[DATA] = {{f.repair, 1, "repair"}},
	[STATE] = {{f.hello, 1, "hello"}, {f.bye, 2, "bye"},
		{f.answer, 4, "please answer"}, {f.full, 8, "full"}},
	[FRAGMENT] = {},
	[CODE] = {},
	[PROBE] = {{f.wants_reply, 1, "please reply"},
		{f.wants_members, 2, "whom do you hear"}},
	[PROBE_REPLY] = {{f.is_doctor, 1, "of a doctor"}},
}

local peer_flags = {{f.reports, 1, "reports"}}

local function dissect_flags(cursor, kind, info)
	local range, item = cursor:add(f.flags, 1, "flags")
	add_flags(item, range, flags_of[kind], info)
	if kind == DATA and has(range:uint(), 1) then
		item:add_proto_expert_info(repaired)
	end
end

local function dissect_packet(cursor, tree, info)
	cursor:add(f.magic, 1, "magic")
	local range, version_item = cursor:add(f.version, 1, "version and type")
	local version, kind = range:bitfield(0, 4), range:bitfield(4, 4)
	if version == SEALED_VERSION then
		dissect_sealed(cursor, tree,
			tree:add(f.sealed_kind, range), info)
		return
	end
	local type_item = tree:add(f.type, range)
	if version ~= VERSION then
		complain(version_item, "Of another version of mchat")
		return
	end
	local peer_type = peer_types[kind]
	if not type_names[kind] then
		complain(type_item, "Unknown type of packet")
		return
	end
	table.insert(info, type_names[kind])
	if peer_type then
		local range, item = cursor:add(f.flags, 1, "flags")
		add_flags(item, range, peer_flags, info)
	else
		dissect_flags(cursor, kind, info)
	end
	local index, index_item = cursor:add(
		kind == CODE and f.code_index or f.reserved, 1, "reserved")
	if kind == CODE then
		check(index:uint() <= INDEX_MAX, index_item,
			"An index is 0 to " .. INDEX_MAX)
	end
	cursor:add(f.room, 4, "room tag")
	local member, member_item = cursor:add(f.member, 8, "member")
	check(member:uint64() ~= ZERO, member_item, "A member's id is not 0")
	if peer_type then
		local bytes = cursor:take(8, "bytes")
		tree:add(bytes, peer_type[2] .. ": 0x" .. bytes:uint64():tohex())
	elseif kind == DATA then
		dissect_data(cursor, tree, info)
	elseif kind == FRAGMENT then
		dissect_fragment(cursor, tree, info)
	elseif kind == CODE then
		dissect_code(cursor, tree, index:uint(), info)
	elseif kind == PROBE then
		dissect_probe(cursor, tree, info)
	elseif kind == PROBE_REPLY then
		dissect_reply(cursor, tree, info)
	else
		dissect_state(cursor, tree, info)
	end
end

-- Adds a packet that is at the beginning of the range; returns its size, all of
-- the range when it is malformed, and what it is in words.
local function dissect_one(range, root)
	local sealed_size = begins_sealed(range) and next_sealed(range)
	if sealed_size then
		range = range(0, sealed_size)
	end
	local tree = root:add(mchat, range)
	local cursor = cursor_over(range, tree)
	local info = {}
	local fine, problem = pcall(dissect_packet, cursor, tree, info)
	if not fine and not (type(problem) == "table" and problem.is_end) then
		error(problem)
	end
	local size = range:len()
	if sealed_size then
		tree:add_proto_expert_info(uncut)
	elseif fine and cursor:left() > 0 and cursor:is_before_packet() then
		size = cursor.at
		tree:set_len(size)
		tree:add_proto_expert_info(uncut)
	end
	return size, table.concat(info, ", ")
end

function mchat.dissector(tvb, pinfo, root)
	-- Anything else on the port is plain text, which data dissects.
	if tvb:len() == 0 or tvb(0, 1):uint() ~= MAGIC then
		return 0
	end
	pinfo.cols.protocol = "mchat"
	local size, words = dissect_one(tvb:range(), root)
	local info = {words}
	for at = size, tvb:len() - 1, size do
		local range = tvb(at, math.min(size, tvb:len() - at))
		table.insert(info, (select(2, dissect_one(range, root))))
	end
	pinfo.cols.info = table.concat(info, " | ")
	return tvb:len()
end

DissectorTable.get("udp.port"):add(PORT, mchat)

mchat:register_heuristic("udp", function(tvb, pinfo, root)
	if tvb:len() < 16 or not begins_packet(tvb:range(), 0) and
		not begins_sealed(tvb:range()) then
		return false
	end
	return mchat.dissector(tvb, pinfo, root) > 0
end)
