-- Requests of wrk: wrk -s wrk.lua URL -- PATH... Each request takes one of the paths; {a|b|c} in it becomes one of the
-- words and {1-120000} a number of the range, at random. A first word `pause=MS` lets each connection rest between two
-- requests, MS milliseconds on average. Ends with one line of JSON.

local counter = 0
function setup(thread)
    counter = counter + 1
    thread:set("seed", counter)
end

local paths, head, tail = {}, "GET ", ""

-- A path as a list: text, or a function that draws one.
local function parse(path)
    local parts = {}
    local at = 1
    while at <= #path do
        local first, last, inside = path:find("{([^}]+)}", at)
        parts[#parts + 1] = path:sub(at, (first or 0) - 1)
        if not first then break end
        local low, high = inside:match("^(%d+)-(%d+)$")
        if low then
            low, high = tonumber(low), tonumber(high)
            parts[#parts + 1] = function() return math.random(low, high) end
        else
            local words = {}
            for word in inside:gmatch("[^|]+") do words[#words + 1] = word end
            parts[#parts + 1] = function() return words[math.random(#words)] end
        end
        at = last + 1
    end
    return parts
end

function init(args)
    math.randomseed(os.time() * 7 + seed)
    for _, path in ipairs(args) do
        local pause = path:match("^pause=(%d+)$")
        if pause then
            pause = tonumber(pause)
            delay = function() return math.random(0, 2 * pause) end
        else
            paths[#paths + 1] = parse(path)
        end
    end
    local lines = {}
    for name, value in pairs(wrk.headers) do lines[#lines + 1] = name .. ": " .. value end
    lines[#lines + 1] = "Host: " .. wrk.host .. ":" .. wrk.port
    tail = " HTTP/1.1\r\n" .. table.concat(lines, "\r\n") .. "\r\n\r\n"
end

function request()
    local parts = paths[math.random(#paths)]
    local drawn = { head }
    for i, part in ipairs(parts) do
        drawn[i + 1] = type(part) == "function" and part() or part
    end
    drawn[#drawn + 1] = tail
    return table.concat(drawn)
end

function done(summary, latency)
    local e = summary.errors
    io.write(string.format(
        '{"requests":%d,"seconds":%.3f,"bytes":%d,"refused":%d,"broken":%d,"p50_ms":%.3f,"p90_ms":%.3f,"p99_ms":%.3f,"max_ms":%.3f}\n',
        summary.requests, summary.duration / 1e6, summary.bytes, e.status, e.connect + e.read + e.write + e.timeout,
        latency:percentile(50) / 1e3, latency:percentile(90) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
