// What Lua is told about WASI, natively too so that both sides behave alike: there are no temporary names.
#pragma once
#define LUA_TMPNAMBUFSIZE 32
#define lua_tmpnam(buffer, failed) ((void)(buffer), (failed) = 1)
