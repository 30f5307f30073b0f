-- Primes up to a limit, for the Lua interpreter in WebAssembly: ./dev program lua, then
-- ./dev run build/programs/lua.wasm --dir examples -- examples/primes.lua 50
local limit = tonumber(arg[1]) or 100
local composite, primes = {}, {}
for n = 2, limit do
  if not composite[n] then
    primes[#primes + 1] = n
    for multiple = n * n, limit, n do composite[multiple] = true end
  end
end
print(table.concat(primes, " "))
