#include "tools/exitctl/command_line.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <map>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "tools/exitctl/methods.h"
#include "tools/exitctl/names.h"

namespace exitbus::exitctl {
namespace {

constexpr char kWhomToCall[] =
    "Whom to call, by --profile FILE with lines KEY=VALUE, overridden by the environment and by "
    "these";
constexpr char kFooter[] =
    "Each command answers --help. An option's value - is read from standard input. A method's "
    "name\n"
    "in a command's place calls it: exitctl METHOD [JSON|-].\n\n"
    "exit: 0 done; 1 refused; 2 misuse; 3 no answer";
constexpr std::size_t kColumn = 28;
constexpr std::size_t kLine = 68;

// Names in lines of help.
std::string Listed(const std::vector<std::string>& names) {
  std::string text;
  std::size_t width = 0;
  for (const std::string& name : names) {
    const bool fits = width + name.size() <= kLine;
    absl::StrAppend(&text, text.empty() ? "" : fits ? ", " : ",\n", name);
    width = fits ? width + name.size() + 2 : name.size() + 2;
  }
  return text;
}

const std::vector<Parameter>& CallParameters() {
  static const auto* parameters = [] {
    auto* all = new std::vector<Parameter>{
        {"--profile", "", "a file with these settings", Times::kOptional}};
    for (const Setting& setting : Settings()) {
      all->push_back({setting.option, "",
                      absl::StrCat(setting.meaning, " (", setting.variable, ")"),
                      Times::kOptional});
    }
    all->push_back({"--timeout-s", "", "how long to wait, 10 if left out", Times::kOptional});
    all->push_back({"--json", "", "the answer as JSON", Times::kFlag});
    return all;
  }();
  return *parameters;
}

class Layout : public CLI::Formatter {
 public:
  Layout() {
    column_width(kColumn);
    label("Positionals", "Arguments");
  }

  std::map<const CLI::App*, std::string> usage;

  std::string make_usage(const CLI::App* app, std::string name) const override {
    const auto found = usage.find(app);
    return absl::StrCat("usage: ", found != usage.end() ? found->second : name + " COMMAND …",
                        "\n");
  }
  std::string make_option_opts(const CLI::Option* option) const override {
    const std::string text = option->get_option_text();
    return text.empty() ? "" : " " + text;
  }
};

class Parser {
 public:
  Parser() {
    app_.formatter(layout_);
    app_.set_help_flag("-h,--help", "this help");
    app_.allow_extras();
    app_.require_subcommand(0, 1);
    app_.footer(kFooter);
    AddCallParameters(app_, kWhomToCall);
    call_ = FindCommand("call", "");
    for (const Parameter& parameter : call_->parameters) Add(app_, *call_, parameter)->group("");
    for (const Command& command : Commands()) Add(command);
  }

  Typed Parse(const std::vector<std::string>& arguments) {
    Typed typed;
    try {
      app_.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::CallForHelp&) {
      typed.help = Help();
      return typed;
    } catch (const CLI::RequiredError&) {  // is found below, after what is no option
    } catch (const CLI::ArgumentMismatch& mismatch) {
      const std::string what = mismatch.what();  // "all was given …" of --all
      typed.mistake = absl::StrContains(what, "flag")
                          ? absl::StrCat("--", what.substr(0, what.find(' ')), " takes no value")
                          : arguments.back() + " wants a value";
      return typed;
    } catch (const CLI::ParseError& error) {
      typed.mistake = error.what();
      return typed;
    }
    TakeWhatWasSaid(typed);
    return typed;
  }

 private:
  struct Added {
    const CLI::App* app;
    const Parameter* parameter;
    const CLI::Option* option;
  };

  CLI::Option* Add(CLI::App& app, const Command& command, const Parameter& parameter) {
    const std::string help = HelpOf(command, parameter);
    CLI::Option* option = nullptr;
    if (parameter.times == Times::kFlag) {
      option = app.add_flag(parameter.name, help)->disable_flag_override();
    } else {
      option = app.add_option(parameter.name,
                              CLI::callback_t([](const CLI::results_t&) { return true; }), help);
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
      if (IsOption(parameter)) option->option_text(PlaceholderOf(parameter));
      if (MayRepeat(parameter)) {
        option->option_text(option->get_option_text() + (IsOption(parameter) ? " …" : "…"));
        if (!IsOption(parameter)) option->expected(-1);
      }
    }
    option->required(MustBe(parameter) && &app != &app_);
    added_.push_back({&app, &parameter, option});
    return option;
  }

  void AddCallParameters(CLI::App& app, const std::string& group) {
    for (const Parameter& parameter : CallParameters()) {
      Add(app, Command(), parameter)->group(parameter.name == "--json" ? "Options" : group);
    }
  }

  CLI::App& GroupOf(const Command& command) {
    if (command.word.empty()) return app_;
    CLI::App*& known = groups_[command.group];
    if (known != nullptr) return *known;
    known = app_.add_subcommand(command.group, Listed(WordsOf(command.group)));
    CLI::App& group = *known;
    group.group(command.section);
    group.require_subcommand(0, 1);
    group.footer("");
    if (command.calls) AddCallParameters(group, "");
    return group;
  }

  void Add(const Command& command) {
    CLI::App& group = GroupOf(command);
    const std::string& word = command.word.empty() ? command.group : command.word;
    CLI::App& app = *group.add_subcommand(word, command.summary);
    app.group(command.word.empty() ? command.section : "Commands");
    layout_->usage[&app] = SynopsisOf(command);
    app.footer(absl::StrCat(command.details,
                            command.method.empty() ? "" : "It calls " + command.method + ". ",
                            command.calls ? "Whom to call: exitctl --help" : ""));
    for (const Parameter& parameter : command.parameters) Add(app, command, parameter);
    if (command.calls) AddCallParameters(app, "");
    commands_[&app] = &command;
  }

  // Of what was typed, without the library's empty lines.
  std::string Help() const { return absl::StrReplaceAll(app_.help(), {{"\n\n\n", "\n\n"}}); }

  // The command, or the nearest to one that was typed.
  const CLI::App& Innermost() const {
    const CLI::App* app = &app_;
    while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
    return *app;
  }

  void TakeWhatWasSaid(Typed& typed) const {
    const CLI::App& app = Innermost();
    for (const Added& added : added_) {
      if (added.option->count() == 0) continue;
      auto& values = typed.said.values[added.parameter->name];
      for (const std::string& value : added.option->results()) values.push_back(value);
    }
    const auto found = commands_.find(&app);
    const Command* command = found == commands_.end() ? nullptr : found->second;
    if (command == nullptr && &app == &app_ && typed.said.Has("METHOD")) command = call_;
    typed.mistake = command == nullptr ? NoCommand(app) : MistakeIn(app, *command, typed.said);
    if (typed.mistake.empty()) typed.command = command;
  }

  std::string NoCommand(const CLI::App& app) const {
    if (&app == &app_) return Help();
    const std::vector<std::string> words = WordsOf(app.get_name());
    const std::vector<std::string> extras = app_.remaining(true);
    return absl::StrCat(app.get_name(), " wants one of ", absl::StrJoin(words, ", "), ".",
                        extras.empty() ? "" : DidYouMean(Near(extras[0], words)));
  }

  // Empty: none.
  std::string MistakeIn(const CLI::App& app, const Command& command, const Said& said) const {
    std::string what = &app == &app_ ? UnknownMethod(said["METHOD"]) : "";
    if (!what.empty()) return what;
    what = TooMuch(app);
    for (const Parameter& parameter : command.parameters) {
      if (!what.empty()) break;
      const std::size_t times = said.Values(parameter.name).size();
      if (times == 0 && MustBe(parameter)) {
        what = absl::StrCat(parameter.name, " is missing: ", parameter.help);
      } else if (times > 1 && !MayRepeat(parameter)) {
        what = parameter.name + " is said more than once";
      }
    }
    return what.empty() ? "" : absl::StrCat(what, "\nusage: ", SynopsisOf(command));
  }

  std::string TooMuch(const CLI::App& app) const {
    for (const std::string& extra : app_.remaining(true)) {
      if (extra == "--") continue;
      if (!absl::StartsWith(extra, "-")) return absl::StrCat("\"", extra, "\" is too much");
      std::vector<std::string> known;
      for (const Added& added : added_) {
        if (added.app == &app && IsOption(*added.parameter)) known.push_back(added.parameter->name);
      }
      const std::string name = extra.substr(0, extra.find('='));
      return absl::StrCat(name, " is no option here.", DidYouMean(Near(name, known)));
    }
    return "";
  }

  // A word that is no method's name may have been meant as a command.
  static std::string UnknownMethod(const std::string& name) {
    if (!absl::IsNotFound(ResolveMethod(name).status())) return "";
    const std::vector<std::string> near = Near(name, Groups());
    if (near.empty()) return "";
    return absl::StrCat("there is no command \"", name, "\".", DidYouMean(near));
  }

  const std::shared_ptr<Layout> layout_ = std::make_shared<Layout>();
  CLI::App app_{"an authority's service from the command line", "exitctl"};
  const Command* call_ = nullptr;
  std::vector<Added> added_;
  std::map<std::string, CLI::App*> groups_;
  std::map<const CLI::App*, const Command*> commands_;
};

}  // namespace

Typed ParseCommandLine(const std::vector<std::string>& arguments) {
  return Parser().Parse(arguments);
}

}  // namespace exitbus::exitctl
