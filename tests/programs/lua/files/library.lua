-- The standard library: strings, tables, files, arguments, and an exit code.
print(_VERSION, #arg, table.concat(arg, "|"))
print(("%5d|%-8.3f|%g|%x|%10.4s|%a"):format(-42, math.pi, 1e100, 48879, "truncated", 0.1))
print((("%q"):format('a "quoted"\n\0word')))
print(math.maxinteger + 1 == math.mininteger, 7 // -2, 7 % -2, -7 // 2.0, 1e15, 2^53, 0x.8p1)
print(math.type(1), math.type(1.0), math.tointeger("8"), 10 / 2, 3 | 4, ~0, 1 << 63, "10" + 5)
for word, number in ("a=1, bc=22, def=333"):gmatch("(%w+)=(%d+)") do io.write(word, ":", number, " ") end
print(("%bxy"):len(), ("THE (quick) fox"):find("%((%a+)%)"), ("hello"):gsub("l+", string.upper))
print(utf8.char(72, 228, 8364, 128276), utf8.len("häß€"), #"häß€")
print(string.pack("<i4z s2", 100, "zero", "counted"):byte(1, -1))
print(table.unpack({ table.concat({ 1, 2, 3 }, "-"), select("#", nil, nil) }))
print(os.time({ year = 2001, month = 2, day = 3, hour = 12 }) - os.time({ year = 2001, month = 2, day = 2, hour = 12 }))
print(os.getenv("NO_SUCH_VARIABLE"), (select(2, io.open("no/such/file"))))

local out <close> = assert(io.open("out.txt", "w"))
for i = 1, 1000 do out:write(("%d\t%.17g\n"):format(i, math.sin(i) ^ 0 + i / 7)) end
out:flush()
local lines, sum = 0, 0
for line in io.lines("out.txt") do
  lines, sum = lines + 1, sum + tonumber(line:match("\t(.*)"))
end
print(lines, ("%.6f"):format(sum), out:seek("end"))
assert(os.rename("out.txt", "moved.txt") and not io.open("out.txt") and os.rename("moved.txt", "out.txt"))
os.exit(7, true)
