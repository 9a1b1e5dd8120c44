// maillage-plan assign: reads an instance, writes the assignment and its proof.
#include "command/command.h"

int cmd_assign(const struct options *o)
{
    return command_refuse("%s : format inconnu", o->paths[0]);
}
