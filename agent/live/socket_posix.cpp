#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "agent/live/live_protocol.hpp"
#include "agent/live/socket.hpp"

namespace coldwatch {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Addresses look_up(const std::string& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  if (failed != 0) throw LiveError(host + ": " + gai_strerror(failed));
  return {found, &freeaddrinfo};
}

bool becomes(int fd, short what, Milliseconds wait) {
  pollfd entry{.fd = fd, .events = what, .revents = 0};
  return ::poll(&entry, 1, static_cast<int>(wait.count())) > 0;
}

/// 0, or why not.
int connect_within(int fd, const addrinfo& address, Milliseconds timeout) {
  if (::connect(fd, address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!becomes(fd, POLLOUT, timeout)) return ETIMEDOUT;
  int error = 0;
  socklen_t length = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

}  // namespace

Socket::Socket(const std::string& host, std::uint16_t port, Milliseconds timeout) {
  const Addresses addresses = look_up(host, port);
  int error = 0;
  for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
    const int fd =
        ::socket(one->ai_family, one->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, one->ai_protocol);
    error = fd < 0 ? errno : connect_within(fd, *one, timeout);
    if (fd >= 0 && error == 0) {
      handle_ = fd;
      return;
    }
    if (fd >= 0) ::close(fd);
  }
  throw LiveError("cannot be connected to: " + std::string{std::strerror(error)});
}

Socket::~Socket() { ::close(static_cast<int>(handle_)); }

std::size_t Socket::send(std::string_view bytes) {
  const ssize_t sent = ::send(static_cast<int>(handle_), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  if (errno == EAGAIN || errno == EINTR) return 0;
  throw LiveError("the connection is gone: " + std::string{std::strerror(errno)});
}

std::string Socket::receive(std::size_t most, Milliseconds wait) {
  const int fd = static_cast<int>(handle_);
  if (!becomes(fd, POLLIN, wait)) return {};
  std::string bytes(most, '\0');
  const ssize_t count = ::recv(fd, bytes.data(), bytes.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return {};
  if (count < 0) throw LiveError("the connection is gone: " + std::string{std::strerror(errno)});
  if (count == 0) throw LiveError("the server has closed the connection");
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

}  // namespace coldwatch
