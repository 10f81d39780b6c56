#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "bridge/delivery/program.hpp"
#include "bridge/delivery/transfer.hpp"
#include "bridge/one_core.hpp"
#include "common/time.hpp"

namespace coldwatch {
namespace {

/// The two ends of a pipe; ours does not block and no child inherits it.
struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) ends = {-1, -1};
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void close_end(std::size_t which) {
    if (ends[which] >= 0) ::close(ends[which]);
    ends[which] = -1;
  }
  void do_not_block(std::size_t which) const { ::fcntl(ends[which], F_SETFL, O_NONBLOCK); }

  std::array<int, 2> ends{-1, -1};
};

/// Starts the program in a process group of its own, with these pipes as its input and output; 0,
/// or the error number.
int spawn(const ProgramCall& call, const Pipe& input, const Pipe& output, pid_t& pid) {
  std::vector<char*> arguments;
  for (const std::string& argument : call.arguments) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.ends[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output.ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output.ends[1], STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t usual;
  sigemptyset(&usual);
  sigset_t defaults;
  sigfillset(&defaults);
  posix_spawnattr_setsigmask(&attributes, &usual);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int error =
      ::posix_spawn(&pid, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error == 0) release_from_one_core(pid);
  return error;
}

}  // namespace

class Program::Impl {
 public:
  Impl(const ProgramCall& call, UtcTime now)
      : name_(call.arguments.front()),
        input_(call.input),
        end_(now + call.limit),
        limit_(call.limit) {
    error_ = spawn(call, to_child_, from_child_, pid_);
    to_child_.close_end(0);
    from_child_.close_end(1);
    to_child_.do_not_block(1);
    from_child_.do_not_block(0);
    // A program that does not read its input must not end this one.
    ::signal(SIGPIPE, SIG_IGN);
  }
  ~Impl() {
    if (pid_ > 0) end_program();
  }

  std::optional<Reply> poll(UtcTime now) {
    if (error_ != 0) {
      return failed(name_ + ": " + std::strerror(error_), Outcome::kBroken);
    }
    write_input();
    read_output();
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = 0;
      read_output();
      return ended(status);
    }
    if (now < end_) return std::nullopt;
    end_program();
    return failed(name_ + ": did not end within " + duration_words(limit_), Outcome::kAmbiguous);
  }

 private:
  static Reply failed(std::string why, Outcome outcome) {
    return {.failure = std::move(why), .failure_outcome = outcome};
  }

  Reply ended(int status) {
    if (WIFSIGNALED(status)) {
      return failed(name_ + ": ended by signal " + std::to_string(WTERMSIG(status)),
                    Outcome::kAmbiguous);
    }
    return {.status = WEXITSTATUS(status), .body = std::move(output_)};
  }

  /// With everything that it started.
  void end_program() {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

  void write_input() {
    while (to_child_.ends[1] >= 0 && written_ < input_.size()) {
      const ssize_t count =
          ::write(to_child_.ends[1], input_.data() + written_, input_.size() - written_);
      if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (count < 0) break;
      written_ += static_cast<std::size_t>(count);
    }
    to_child_.close_end(1);
  }

  void read_output() {
    std::array<char, 4096> buffer;
    for (;;) {
      const ssize_t count = ::read(from_child_.ends[0], buffer.data(), buffer.size());
      if (count <= 0) return;
      const std::size_t room = kLargestReplyBytes - output_.size();
      output_.append(buffer.data(), std::min(room, static_cast<std::size_t>(count)));
    }
  }

  std::string name_;
  std::string input_;
  UtcTime end_;
  Milliseconds limit_;
  Pipe to_child_;
  Pipe from_child_;
  pid_t pid_ = 0;
  int error_ = 0;
  std::size_t written_ = 0;
  std::string output_;
};

Program::Program(const ProgramCall& call, UtcTime now) : impl_(std::make_unique<Impl>(call, now)) {}
Program::~Program() = default;
std::optional<Reply> Program::poll(UtcTime now) { return impl_->poll(now); }

}  // namespace coldwatch
