-- What wrk sends: creates over keep-alive connections, each with a name that was not used before. The same script for both sides.
-- Arguments: path, file of the body with NAME where the name goes, prefix of the names, file of the token.
local count = 0

function init(args)
  local body = io.open(args[2]):read("*a")
  local before, after = body:match("^(.-)NAME(.*)$")
  local token = io.open(args[4]):read("*l")
  local length = #before + #args[3] + 8 + #after
  head = "POST " .. args[1] .. " HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port .. "\r\nAuthorization: Bearer " .. token
    .. "\r\nContent-Type: application/json\r\nContent-Length: " .. length .. "\r\n\r\n" .. before .. args[3]
  tail = after
end

function request()
  count = count + 1
  return head .. string.format("%08d", count) .. tail
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
