# Writes OUTPUT, a C++ source that holds the bytes of INPUT: cmake -DINPUT=… -DOUTPUT=… -P embed.cmake
file(READ ${INPUT} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
# Pieces, because a line of a million characters suits no tool.
string(REGEX REPLACE "(................................................................)" "\\1\"\n    \""
       bytes "${bytes}")
file(SIZE ${INPUT} size)
file(WRITE ${OUTPUT} "#include \"services/policy/contracts_data.h\"

namespace exitbus::policy {

const char kContractsData[] =
    \"${bytes}\";
const std::size_t kContractsSize = ${size};

}  // namespace exitbus::policy
")
