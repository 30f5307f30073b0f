-- The language: closures, coroutines, metatables, errors through many frames, deep recursion, garbage.
local function make() local n = 0; return function() n = n + 1; return n end end
local a, b = make(), make()
print(a(), a(), b())

local producer = coroutine.wrap(function()
  for i = 1, 3 do coroutine.yield(i, i * i) end
  error({ code = 42 })
end)
print(producer()); print(producer()); print(producer())
local ok, failure = pcall(producer)
print(ok, type(failure), failure.code)

local Point = setmetatable({}, { __call = function(class, x, y) return setmetatable({ x = x, y = y }, class) end })
Point.__index = Point
Point.__add = function(p, q) return Point(p.x + q.x, p.y + q.y) end
Point.__eq = function(p, q) return p.x == q.x and p.y == q.y end
Point.__lt = function(p, q) return p.x < q.x end
Point.__tostring = function(p) return "(" .. p.x .. "," .. p.y .. ")" end
Point.__close = function(p) print("closed " .. tostring(p)) end
do local p <close> = Point(1, 2); print(tostring(p + Point(3, 4)), p == Point(1, 2), p < Point(0, 0)) end

-- Errors cross C and Lua frames, which is longjmp in the interpreter.
local function throw(depth) if depth == 0 then error("thrown", 0) end; return 1 + throw(depth - 1) end
local caught = 0
for depth = 1, 100 do
  local fine, why = pcall(throw, depth)
  if not fine and why == "thrown" then caught = caught + 1 end
end
print(caught, select(2, pcall(function() return nil + 1 end)))
print(xpcall(function() table.sort({ 3, 1, 2, 5, 4 }, function() error("in a comparison", 0) end) end,
  function(why) return "handled: " .. why end))
local function endless() return 1 + endless() end
local fine, why = pcall(endless)
print(fine, why:match("stack overflow"))
print(pcall(string.rep, "x", -1), select(2, pcall(string.rep, "x", 1 << 40)))

-- Garbage with weak tables and finalizers.
local weak, finalized = setmetatable({}, { __mode = "k" }), 0
for i = 1, 20000 do
  local object = setmetatable({ i }, { __gc = function() finalized = finalized + 1 end })
  weak[object] = i
end
collectgarbage(); collectgarbage()
print(next(weak), finalized)
print(load("return 1 +")); print(load("local x <const> = 1; x = 2"))
goto done
print("not reached")
::done::
for i = 10, 1, -3 do io.write(i, " ") end
print(#string.dump(load("return ...")) > 0, load(string.dump(load("return ... * 2")))(21))
