# SPDX-License-Identifier: ISC
#
#   ruby formula.rb FORMULA TREE PREFIX
#
# Does of Homebrew what a formula asks of it: checks the tarball, installs what
# is built of it in TREE, runs the formula's test, and prints the version.

require "digest"
require "fileutils"

class Formula
  class << self
    attr_reader :said, :tests

    %i[desc homepage url sha256 license depends_on].each do |field|
      define_method(field) { |value| (@said ||= {})[field] = value }
    end

    def test(&block)
      @tests = block
    end
  end

  attr_reader :prefix

  def initialize(prefix)
    @prefix = prefix
  end

  def version
    self.class.said[:url][/-([0-9.]+)\.tar\.gz$/, 1]
  end

  def bin
    "#{prefix}/bin"
  end

  def pkgshare
    Folder.new("#{prefix}/share/#{self.class.name.downcase}")
  end

  def system(*words)
    super(*words, out: File::NULL) || abort("failed: #{words.join(' ')}")
  end

  def shell_output(command)
    `#{command}`
  end

  def assert_equal(expected, got)
    expected == got || abort("expected #{expected}, got #{got}")
  end
end

Folder = Struct.new(:path) do
  def install(*files)
    FileUtils.mkdir_p(path)
    FileUtils.cp_r(files, path)
  end
end

formula, tree, prefix = ARGV
load formula
said = Mchat.said
missing = %i[desc homepage url sha256 license] - said.keys
abort "missing: #{missing.join(' ')}" unless missing.empty?
said[:sha256] == Digest::SHA256.file(said[:url].delete_prefix("file://")).to_s ||
  abort("the tarball is another one")

mchat = Mchat.new(prefix)
Dir.chdir(tree) { mchat.install }
mchat.instance_eval(&Mchat.tests)
puts mchat.version
