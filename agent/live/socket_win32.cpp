#include <winsock2.h>
#include <ws2tcpip.h>

#include <memory>

#include "agent/live/live_protocol.hpp"
#include "agent/live/socket.hpp"

namespace coldwatch {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

std::string words(int error) { return "Windows sockets error " + std::to_string(error); }

/// For as long as the program runs.
void start_sockets() {
  static const int failed = [] {
    WSADATA data;
    return WSAStartup(MAKEWORD(2, 2), &data);
  }();
  if (failed != 0) throw LiveError(words(failed));
}

Addresses look_up(const std::string& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  if (failed != 0) throw LiveError(host + ": is not known, " + words(failed));
  return {found, &freeaddrinfo};
}

/// WSAPoll does not tell a refused connection before Windows 10, select does.
bool becomes(SOCKET socket, bool writable, Milliseconds wait) {
  fd_set ready;
  fd_set failed;
  FD_ZERO(&ready);
  FD_ZERO(&failed);
  FD_SET(socket, &ready);
  FD_SET(socket, &failed);
  timeval limit{};
  limit.tv_sec = static_cast<long>(wait.count() / 1000);
  limit.tv_usec = static_cast<long>(wait.count() % 1000 * 1000);
  return select(0, writable ? nullptr : &ready, writable ? &ready : nullptr, &failed, &limit) > 0;
}

/// 0, or why not.
int connect_within(SOCKET socket, const addrinfo& address, Milliseconds timeout) {
  u_long on = 1;
  if (ioctlsocket(socket, FIONBIO, &on) != 0) return WSAGetLastError();
  if (connect(socket, address.ai_addr, static_cast<int>(address.ai_addrlen)) == 0) return 0;
  if (const int error = WSAGetLastError(); error != WSAEWOULDBLOCK) return error;
  if (!becomes(socket, true, timeout)) return WSAETIMEDOUT;
  int error = 0;
  int length = sizeof error;
  const int asked =
      getsockopt(socket, SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&error), &length);
  return asked == 0 ? error : WSAGetLastError();
}

}  // namespace

Socket::Socket(const std::string& host, std::uint16_t port, Milliseconds timeout) {
  start_sockets();
  const Addresses addresses = look_up(host, port);
  int error = 0;
  for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
    const SOCKET made = ::socket(one->ai_family, one->ai_socktype, one->ai_protocol);
    const bool valid = made != INVALID_SOCKET;
    error = valid ? connect_within(made, *one, timeout) : WSAGetLastError();
    if (valid && error == 0) {
      handle_ = static_cast<std::intptr_t>(made);
      return;
    }
    if (valid) closesocket(made);
  }
  throw LiveError("cannot be connected to: " + words(error));
}

Socket::~Socket() { closesocket(static_cast<SOCKET>(handle_)); }

std::size_t Socket::send(std::string_view bytes) {
  const int sent =
      ::send(static_cast<SOCKET>(handle_), bytes.data(), static_cast<int>(bytes.size()), 0);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  if (WSAGetLastError() == WSAEWOULDBLOCK) return 0;
  throw LiveError("the connection is gone: " + words(WSAGetLastError()));
}

std::string Socket::receive(std::size_t most, Milliseconds wait) {
  const auto socket = static_cast<SOCKET>(handle_);
  if (!becomes(socket, false, wait)) return {};
  std::string bytes(most, '\0');
  const int count = recv(socket, bytes.data(), static_cast<int>(bytes.size()), 0);
  if (count < 0 && WSAGetLastError() == WSAEWOULDBLOCK) return {};
  if (count < 0) throw LiveError("the connection is gone: " + words(WSAGetLastError()));
  if (count == 0) throw LiveError("the server has closed the connection");
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

}  // namespace coldwatch
