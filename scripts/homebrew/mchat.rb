# SPDX-License-Identifier: ISC
#
# scripts/package homebrew fills in what stands between @ and lays the tarball
# beside it; then "brew install --formula ./mchat.rb" builds it.

class Mchat < Formula
  desc "Group chat on the local network, without a server"
  # mchat has no site yet.
  homepage "https://example.org/mchat"
  url "file://#{__dir__}/mchat-@VERSION@.tar.gz"
  sha256 "@SHA256@"
  license "ISC"
  depends_on :linux

  def install
    system "make", "PREFIX=#{prefix}", "install"
    pkgshare.install "scripts/mchat.lua", "scripts/examples"
  end

  test do
    assert_equal "mchat #{version}", shell_output("#{bin}/mchat -V").strip
  end
end
