-- A little of everything that takes time: integers, floats, tables, strings, closures, sorting.
local scale = tonumber(arg[1]) or 1

local function sieve(n)
  local flags, count = {}, 0
  for i = 2, n do flags[i] = true end
  for i = 2, n do
    if flags[i] then
      count = count + 1
      for j = i * i, n, i do flags[j] = false end
    end
  end
  return count
end

local function queens(n)
  local columns, up, down, found = {}, {}, {}, 0
  local function place(row)
    if row > n then found = found + 1; return end
    for column = 1, n do
      if not (columns[column] or up[row + column] or down[row - column + n]) then
        columns[column], up[row + column], down[row - column + n] = true, true, true
        place(row + 1)
        columns[column], up[row + column], down[row - column + n] = nil, nil, nil
      end
    end
  end
  place(1)
  return found
end

local function spectral(n)
  local function a(i, j) local ij = i + j; return 1.0 / (ij * (ij + 1) // 2 + i + 1) end
  local u, v = {}, {}
  for i = 0, n - 1 do u[i] = 1 end
  for _ = 1, 3 do
    for i = 0, n - 1 do local s = 0; for j = 0, n - 1 do s = s + a(i, j) * u[j] end; v[i] = s end
    for i = 0, n - 1 do local s = 0; for j = 0, n - 1 do s = s + a(j, i) * v[j] end; u[i] = s end
  end
  return ("%.9f"):format(u[0] / v[0])
end

local function words(n)
  local counts, state = {}, 12345
  for _ = 1, n do
    state = (state * 1103515245 + 12345) & 0x7fffffff
    local word = ("w%03x"):format(state >> 16 & 0xff)
    counts[word] = (counts[word] or 0) + 1
  end
  local names = {}
  for word in pairs(counts) do names[#names + 1] = word end
  table.sort(names, function(p, q) return counts[p] > counts[q] or counts[p] == counts[q] and p < q end)
  return names[1] .. counts[names[1]] .. " " .. #names
end

print(sieve(60000 * scale), queens(6), spectral(40 * scale), words(20000 * scale))
