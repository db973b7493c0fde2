// SPDX-License-Identifier: Apache-2.0
#include "app/cli/manual.h"

#include <CLI/CLI.hpp>
#include <sstream>

namespace shortlist::cli {
namespace {

// A line that begins with . or ' would be a request, a hyphen would be typeset as one.
std::string roff(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        if ((c == '.' || c == '\'') && (escaped.empty() || escaped.back() == '\n'))
            escaped += "\\&";
        escaped += c == '-' ? std::string("\\-") : c == '\\' ? std::string("\\e") : std::string(1, c);
    }
    return escaped;
}

std::string argumentOf(const CLI::Option& option) { return option.get_items_expected_max() == 0 ? "" : option.get_type_name().empty() ? "VALUE" : option.get_type_name(); }

std::vector<const CLI::App*> commandsOf(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App*) { return true; });
}

// A command with commands of its own stands for these: "models info".
void describe(std::ostringstream& page, const CLI::App& command, const std::string& before = "") {
    const std::string name = before + command.get_name();
    for (const CLI::App* inner : commandsOf(command))
        describe(page, *inner, name + " ");
    if (!commandsOf(command).empty())
        return;
    page << ".SS " << roff(name) << "\n" << roff(command.get_description()) << "\n";
    for (const CLI::Option* option : command.get_options()) {
        page << ".TP\n.B " << roff(option->get_name(false, true)) << " " << roff(argumentOf(*option)) << "\n" << roff(option->get_description());
        if (!option->get_default_str().empty())
            page << " (default: " << roff(option->get_default_str()) << ")";
        page << "\n";
    }
    if (!command.get_footer().empty())
        page << ".PP\n.nf\n" << roff(command.get_footer()) << "\n.fi\n";
}

std::vector<std::string> longNames(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options())
        for (const std::string& name : option->get_lnames())
            names.push_back("--" + name);
    return names;
}

// What may come behind a command: its options, its commands' names and theirs.
std::vector<std::string> wordsAfter(const CLI::App& command) {
    std::vector<std::string> words = longNames(command);
    for (const CLI::App* inner : commandsOf(command)) {
        words.push_back(inner->get_name());
        const auto more = wordsAfter(*inner);
        words.insert(words.end(), more.begin(), more.end());
    }
    return words;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

std::string bash(const CLI::App& app, const std::vector<const CLI::App*>& commands) {
    std::ostringstream out;
    std::vector<std::string> names;
    for (const CLI::App* command : commands)
        names.push_back(command->get_name());
    out << "_shortlist_cli() {\n    local word=\"${COMP_WORDS[COMP_CWORD]}\"\n"
        << "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        COMPREPLY=($(compgen -W \"" << joined(names) << " " << joined(longNames(app)) << "\" -- \"$word\"))\n        return\n    fi\n"
        << "    case \"$word\" in -*) ;; *) COMPREPLY=($(compgen -f -- \"$word\")); return ;; esac\n    case \"${COMP_WORDS[1]}\" in\n";
    for (const CLI::App* command : commands)
        out << "        " << command->get_name() << ") COMPREPLY=($(compgen -W \"" << joined(wordsAfter(*command)) << "\" -- \"$word\")) ;;\n";
    out << "    esac\n}\ncomplete -o filenames -F _shortlist_cli shortlist-cli\n";
    return out.str();
}

std::string fish(const std::vector<const CLI::App*>& commands) {
    std::ostringstream out;
    for (const CLI::App* command : commands) {
        out << "complete -c shortlist-cli -n __fish_use_subcommand -a " << command->get_name() << " -d '" << command->get_description() << "'\n";
        for (const std::string& name : wordsAfter(*command))
            out << "complete -c shortlist-cli -n '__fish_seen_subcommand_from " << command->get_name() << "' "
                << (name.starts_with("--") ? "-l " + name.substr(2) : "-a " + name) << "\n";
    }
    return out.str();
}

}  // namespace

std::string manualPage(const CLI::App& app) {
    std::ostringstream page;
    page << ".TH SHORTLIST\\-CLI 1\n.SH NAME\nshortlist\\-cli \\- classify images, rank the candidates with their confidences\n"
         << ".SH SYNOPSIS\n.B shortlist\\-cli classify\nPATH... [OPTIONS]\n.br\n.B shortlist\\-cli bench\n[PATH...] [OPTIONS]\n.SH DESCRIPTION\n"
         << roff(app.get_description()) << "\n.SH COMMANDS\n";
    for (const CLI::App* command : commandsOf(app))
        describe(page, *command);
    return page.str();
}

std::string completionFile(const CLI::App& app, const std::string& shell) {
    const auto commands = commandsOf(app);
    if (shell == "fish")
        return fish(commands);
    const std::string script = bash(app, commands);
    return shell == "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" + script : script;
}

}  // namespace shortlist::cli
