#include "wasi/arguments.hpp"

#include "base/utf8.hpp"

namespace cloche::wasi {

Errno missing_rights(const Descriptor& descriptor, Rights rights) {
  constexpr Rights of_sockets = right::sock_shutdown | right::sock_accept;
  if ((rights & of_sockets) != 0 && descriptor.type != FileType::socket_stream) return Errno::notsock;
  if (descriptor.is_directory())
    return contains(right::of_directories, rights) ? Errno::notcapable : Errno::badf;
  return contains(right::of_files, rights) ? Errno::notcapable : Errno::notdir;
}

Or<Path> Path::take(Call& call, const abi::Slot* slot) {
  const GuestMemory memory = TRY(call.memory());
  const std::span<const uint8_t> bytes = TRY(memory.bytes(low32(slot[0]), low32(slot[1])));
  if (bytes.size() > limits::path_bytes) return fail(Errno::nametoolong);
  Path path{std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())};
  if (!base::is_valid_utf8(path.text)) return fail(Errno::ilseq);
  if (path.text.find('\0') != std::string::npos) return fail(Errno::inval);
  return path;
}

Or<IoVecList> IoVecList::take(Call& call, const abi::Slot* slot) {
  const uint32_t count = low32(slot[1]);
  if (count > limits::io_vecs) return fail(Errno::inval);
  const GuestMemory memory = TRY(call.memory());
  const std::span<const uint8_t> list = TRY(memory.bytes(low32(slot[0]), count, sizeof(GuestIoVec)));
  IoVecList result;
  result.count_ = count;
  if (count > few) result.many_.reset(new iovec[count]);
  iovec* const pieces = result.many_ ? result.many_.get() : result.few_.data();
  for (uint32_t i = 0; i < count; ++i) {
    const auto record = GuestMemory::copy_out<GuestIoVec>(list.data() + i * sizeof(GuestIoVec));
    const std::span<uint8_t> bytes = TRY(memory.bytes(record.buf, record.buf_len));
    pieces[i] = {bytes.data(), bytes.size()};
  }
  return result;
}

}  // namespace cloche::wasi
